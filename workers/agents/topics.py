"""Agent ``topics``: captions in, topics and enriched captions out."""

from typing import Final

from schemas.captions import CaptionUpdated
from schemas.codec import CAPTION_EVENT, BadMessageError
from schemas.events import CE_TYPES
from schemas.kafka_topics import CAPTIONS, ENRICHED, METRICS, TOPICS, full_name
from workers.agents.forgetting import asks_to_forget, tombstones
from workers.agents.states import StateCodec
from workers.agents.topics_states_before import read_version_4
from workers.agents.writing import Writer, header
from workers.core.enriching import TopicInput, deadline_ms, on_caption, on_deadline
from workers.core.topic_lives import Enriching
from workers.core.topics import TopicModel
from workers.core.watching import Watch
from workers.delivery.records import Output, Record
from workers.delivery.rules import Decision, RefusedError

_UPDATED: Final = CE_TYPES[CaptionUpdated].encode()


class TopicRules(StateCodec[Enriching]):
    """What the agent decides, over one state a stream.

    Args:
        model: Weights, language and settings.
        prefix: Of all Kafka topics.
        watch: Phrases that somebody watches for.
        trace_ratio: Of records without a trace, the share that begins one; None if no
            spans are told.
    """

    def __init__(
        self,
        model: TopicModel,
        prefix: str,
        watch: Watch | None = None,
        trace_ratio: float | None = None,
    ) -> None:
        super().__init__("topics", 5, Enriching, read_version_4)
        self.model = model
        self._watch = watch
        self._writer = Writer("topics", prefix, trace_ratio)
        self.input = full_name(prefix, CAPTIONS)
        self._outputs = tuple(
            full_name(prefix, topic) for topic in (ENRICHED, TOPICS, METRICS)
        )

    def deadline_ms(self, state: Enriching) -> int | None:
        """Return when the figures are due."""
        return deadline_ms(state)

    def skip(self, record: Record) -> bool:
        """Tell a caption that still grows by its header, undecoded."""
        return header(record, "ce_type") == _UPDATED

    def on_record(
        self, state: Enriching | None, record: Record, now_ms: int
    ) -> Decision[Enriching]:
        """Take in one caption event, or forget the stream."""
        if asks_to_forget(record):
            return Decision(
                None, tombstones(self._writer, record, self._outputs, now_ms)
            )
        try:
            event = CAPTION_EVENT.decode(record.key, record.value)
        except BadMessageError as error:
            raise RefusedError(error.reason, str(error)) from error
        if not isinstance(event, TopicInput):
            return Decision(state)
        after, messages = on_caption(
            state,
            event,
            self.model,
            now_ms=now_ms,
            waited_s=max(0, now_ms - record.timestamp_ms) / 1000,
            watch=self._watch,
        )
        trace = self._writer.trace_of(record)
        return Decision(
            after,
            tuple(self._writer.output(message, now_ms, trace) for message in messages),
        )

    def on_deadline(
        self,
        key: bytes,  # noqa: ARG002  # the state knows its stream
        state: Enriching,
        now_ms: int,
    ) -> Decision[Enriching]:
        """Tell the figures of a window."""
        after, messages = on_deadline(state, now_ms)
        return Decision(
            after, tuple(self._writer.output(message, now_ms) for message in messages)
        )

    def rejected(self, record: Record, reason: str, error: str, now_ms: int) -> Output:
        """Tell of a record that could not be used."""
        return self._writer.rejected(record, reason, error, now_ms)
