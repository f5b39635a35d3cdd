"""Agent ``merge``: segments and corrections in, captions and cues out."""

from schemas.codec import CORRECTION, SEGMENT, BadMessageError
from schemas.fields import Message
from schemas.kafka_topics import (
    CAPTIONS,
    CORRECTIONS,
    CUES,
    METRICS,
    SEGMENTS,
    full_name,
)
from workers.agents.forgetting import NOTE, asks_to_forget, tombstones
from workers.agents.merge_states import written
from workers.agents.merge_states_before import read_version_4
from workers.agents.states import PackedStateCodec
from workers.agents.writing import Writer
from workers.core.captioning import deadline_ms, on_correction, on_deadline, on_segment
from workers.core.lives import CaptionRules, StreamState
from workers.core.outputs import Noted, Output, Refused
from workers.delivery.records import Output as Written
from workers.delivery.records import Record
from workers.delivery.rules import Decision, RefusedError

CORRECTION_NOTE = "correction "
"""Before what became of a correction, in the notes; a segment's have nothing."""


class MergeRules(PackedStateCodec[StreamState]):
    """What the agent decides, over one state a stream.

    Args:
        rules: What is set about captions.
        prefix: Of all Kafka topics.
        trace_ratio: Of records without a trace, the share that begins one; None if no
            spans are told.
    """

    def __init__(
        self, rules: CaptionRules, prefix: str, trace_ratio: float | None = None
    ) -> None:
        super().__init__("merge", 5, StreamState, written, read_version_4)
        self._rules = rules
        self._writer = Writer("merge", prefix, trace_ratio)
        self.input = full_name(prefix, SEGMENTS)
        self.corrections = full_name(prefix, CORRECTIONS)
        self._outputs = tuple(
            full_name(prefix, topic) for topic in (CAPTIONS, CUES, METRICS)
        )

    def deadline_ms(self, state: StreamState) -> int | None:
        """Return when silence, figures or an end are due."""
        return deadline_ms(state, self._rules)

    def skip(self, record: Record) -> bool:  # noqa: ARG002  # the protocol's
        """Every segment matters, and every correction."""
        return False

    def on_record(
        self, state: StreamState | None, record: Record, now_ms: int
    ) -> Decision[StreamState]:
        """Merge one segment, take in one correction, or forget the stream."""
        if record.topic != self.corrections and asks_to_forget(record):
            told = tombstones(self._writer, record, self._outputs, now_ms)
            return Decision(None, told, (NOTE,))
        try:
            if record.topic == self.corrections:
                return self._corrected(state, record, now_ms)
            segment = SEGMENT.decode(record.key, record.value)
        except BadMessageError as error:
            raise RefusedError(error.reason, str(error)) from error
        known = 0 <= record.timestamp_ms <= now_ms
        arrived_ms = record.timestamp_ms if known else now_ms
        after, said = on_segment(
            state,
            segment,
            self._rules,
            place=f"{record.partition}-{record.offset}",
            arrived_ms=arrived_ms,
            now_ms=now_ms,
        )
        outputs, notes = self._written(said, record, now_ms)
        return Decision(after, outputs, notes)

    def _corrected(
        self, state: StreamState | None, record: Record, now_ms: int
    ) -> Decision[StreamState]:
        correction = CORRECTION.decode(record.key, record.value)
        after, said = on_correction(state, correction, self._rules)
        outputs, notes = self._written(said, record, now_ms)
        return Decision(
            after, outputs, tuple(f"{CORRECTION_NOTE}{note}" for note in notes)
        )

    def _written(
        self, said: tuple[Output, ...], record: Record, now_ms: int
    ) -> tuple[tuple[Written, ...], tuple[str, ...]]:
        """Write what a record has brought about, and note what became of it."""
        trace = self._writer.trace_of(record)
        outputs = []
        notes = []
        for output in said:
            # By type, since isinstance is slow where it says no.
            if type(output) is Noted:
                notes.append(output.outcome)
            elif type(output) is Refused:
                # What it said is in the record itself, which goes on untouched.
                notes.append(output.reason)
                outputs.append(
                    self._writer.rejected(record, output.reason, output.error, now_ms)
                )
            else:
                outputs.append(self._writer.output(output, now_ms, trace))
        return tuple(outputs), tuple(notes)

    def on_deadline(
        self,
        key: bytes,  # noqa: ARG002  # the state knows its stream
        state: StreamState,
        now_ms: int,
    ) -> Decision[StreamState]:
        """Close what is due."""
        after, said = on_deadline(state, now_ms, self._rules)
        return Decision(
            after,
            tuple(
                self._writer.output(output, now_ms)
                for output in said
                if isinstance(output, Message)
            ),
        )

    def rejected(self, record: Record, reason: str, error: str, now_ms: int) -> Written:
        """Tell of a record that could not be used."""
        return self._writer.rejected(record, reason, error, now_ms)
