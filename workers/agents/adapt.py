"""Agent ``adapt``: a provider's own messages in, segments out; one agent a provider."""

from typing import Any, Final, Generic, TypeVar

from msgspec import Struct

from schemas.fields import MAX_ID_BYTES
from schemas.kafka_topics import SEGMENTS, adapt_agent, full_name, provider_topic
from schemas.segment import CaptionSegment
from workers.adapters.providers.provider import AdapterError, Provider
from workers.agents.forgetting import asks_to_forget, tombstones
from workers.agents.states import StateCodec
from workers.agents.writing import Writer, header
from workers.delivery.records import Output, Record
from workers.delivery.rules import Decision, RefusedError

M = TypeVar("M")

END_HEADER: Final = "end_of_stream"
"""With the value ``true`` on a record, its stream ends after it. Providers tell the end
of a session, not of a stream, and only we know its newest ``epoch``."""
LONGER_MS = 60_000
"""A memory outlives the life that agent ``merge`` gives its stream: an ``epoch`` that
began anew while that life goes on would be refused as an old one."""


class Adapting(Struct, Generic[M], frozen=True, omit_defaults=True):
    """What is remembered of a stream."""

    memory: M
    heard_ms: int
    """When the last message of it came."""
    epoch: int = 0
    """Of its newest segment."""


class AdaptRules(StateCodec[Adapting[Any]]):
    """What the agent decides, over one state a stream.

    Args:
        provider: Whose messages it reads.
        prefix: Of all Kafka topics.
        life_silence_ms: After so long a stream has ended.
        trace_ratio: Of records without a trace, the share that begins one; None if no
            spans are told.
    """

    def __init__(
        self,
        provider: Provider[Any],
        prefix: str,
        life_silence_ms: int,
        trace_ratio: float | None = None,
    ) -> None:
        agent = adapt_agent(provider.name)
        super().__init__(agent, 1, Adapting[provider.memory])  # type: ignore[name-defined]  # a type for msgspec
        self._provider = provider
        self._nothing = provider.memory()
        self._kept_ms = life_silence_ms + LONGER_MS
        self._writer = Writer(agent, prefix, trace_ratio)
        self.input = full_name(prefix, provider_topic(provider.name))
        self._segments = full_name(prefix, SEGMENTS)

    def deadline_ms(self, state: Adapting[Any]) -> int | None:
        """Return when the memory ends, if nothing comes before."""
        return state.heard_ms + self._kept_ms

    def skip(self, record: Record) -> bool:  # noqa: ARG002  # the protocol's
        """Every message matters."""
        return False

    def on_record(
        self, state: Adapting[Any] | None, record: Record, now_ms: int
    ) -> Decision[Adapting[Any]]:
        """Adapt one message, whose place names its segments; or forget the stream."""
        if asks_to_forget(record):
            return Decision(
                None, tombstones(self._writer, record, (self._segments,), now_ms)
            )
        stream_id, message = _message(record)
        try:
            memory, segments = self._provider.adapt(
                None if state is None else state.memory, message, stream_id
            )
        except AdapterError as error:
            raise RefusedError(error.reason, str(error)) from error
        epoch = max(
            (segment.epoch for segment in segments),
            default=0 if state is None else state.epoch,
        )
        ends = any(segment.end_of_stream for segment in segments)
        if not ends and header(record, END_HEADER) == b"true":
            ends = True
            segments += (self._end(stream_id, epoch),)
        trace = self._writer.trace_of(record)
        place = f"{record.partition}-{record.offset}"
        outputs = tuple(
            self._writer.output(segment, now_ms, trace, f"{place}.s{number}")
            for number, segment in enumerate(segments)
        )
        if ends or memory == self._nothing:
            return Decision(None, outputs)
        known = 0 <= record.timestamp_ms <= now_ms
        heard_ms = record.timestamp_ms if known else now_ms
        if state is not None:
            heard_ms = max(heard_ms, state.heard_ms)
        return Decision(Adapting(memory, heard_ms, epoch), outputs)

    def _end(self, stream_id: str, epoch: int) -> CaptionSegment:
        return CaptionSegment(
            stream_id=stream_id,
            text="",
            is_final=True,
            epoch=epoch,
            end_of_stream=True,
            provider=self._provider.name,
        )

    def on_deadline(
        self,
        key: bytes,  # noqa: ARG002  # nothing is told of it
        state: Adapting[Any],  # noqa: ARG002  # what it held is over
        now_ms: int,  # noqa: ARG002  # the same
    ) -> Decision[Adapting[Any]]:
        """Forget a stream that has ended; agent ``merge`` tells of it."""
        return Decision(None)

    def rejected(self, record: Record, reason: str, error: str, now_ms: int) -> Output:
        """Tell of a message that could not be used."""
        return self._writer.rejected(record, reason, error, now_ms)


def _message(record: Record) -> tuple[str, bytes]:
    """Return the stream and the message of a record.

    Raises:
        RefusedError: One is missing, or the key cannot name a stream.
    """
    if record.key is None:
        raise RefusedError("null_key", "the record has no key")
    if record.value is None:
        raise RefusedError("null_value", "the record has no value")
    try:
        stream_id = record.key.decode()
    except UnicodeDecodeError as error:
        raise RefusedError("invalid", "the key is not UTF-8") from error
    if not 1 <= len(record.key) <= MAX_ID_BYTES:
        raise RefusedError("invalid", f"the key is not 1 to {MAX_ID_BYTES} bytes long")
    return stream_id, record.value
