"""CloudEvents 1.0 in binary mode: the headers of every message we write."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from schemas.captions import (
    CaptionFinal,
    CaptionRevised,
    CaptionUpdated,
    CaptionWithdrawn,
    Cue,
    StreamEnded,
)
from schemas.fields import Message
from schemas.metrics import StreamMetrics
from schemas.phrases import PhraseSpotted
from schemas.segment import CaptionCorrection, CaptionSegment
from schemas.topics import (
    EnrichedCaption,
    TopicConfirmed,
    TopicEnded,
    TopicLabelled,
    TopicStarted,
    TopicWithdrawn,
)

Headers = tuple[tuple[str, bytes], ...]

CE_TYPES: dict[type[Message], str] = {
    CaptionSegment: "captions.segment.v1",
    CaptionCorrection: "captions.correction.v1",
    CaptionUpdated: "captions.caption.updated.v1",
    CaptionFinal: "captions.caption.final.v1",
    CaptionRevised: "captions.caption.revised.v1",
    CaptionWithdrawn: "captions.caption.withdrawn.v1",
    StreamEnded: "captions.stream.ended.v1",
    Cue: "captions.cue.v1",
    EnrichedCaption: "captions.caption.enriched.v1",
    TopicStarted: "captions.topic.started.v1",
    TopicConfirmed: "captions.topic.confirmed.v1",
    TopicWithdrawn: "captions.topic.withdrawn.v1",
    TopicLabelled: "captions.topic.labelled.v1",
    TopicEnded: "captions.topic.ended.v1",
    PhraseSpotted: "captions.phrase.spotted.v1",
    StreamMetrics: "captions.stream.metrics.v1",
}
"""``ce_type`` of each message: the one list."""

FORGOTTEN = "captions.stream.forgotten.v1"
"""``ce_type`` of a record without a value: forget all that was said of its key."""

_NUMBERED: dict[type[Message], Callable[[Any], str]] = {
    CaptionUpdated: lambda m: f"{m.caption_id}.r{m.revision}",
    CaptionFinal: lambda m: f"{m.caption_id}.r{m.revision}",
    CaptionRevised: lambda m: f"{m.caption_id}.r{m.revision}",
    CaptionWithdrawn: lambda m: f"{m.caption_id}.r{m.revision}",
    StreamEnded: lambda m: f"{m.life}.ended",
    Cue: lambda m: f"{m.cue_id}.r{m.revision}",
    EnrichedCaption: lambda m: f"{m.caption_id}.e{m.revision}",
    TopicStarted: lambda m: f"{m.topic_id}.r{m.revision}",
    TopicConfirmed: lambda m: f"{m.topic_id}.r{m.revision}",
    TopicWithdrawn: lambda m: f"{m.topic_id}.r{m.revision}",
    TopicLabelled: lambda m: f"{m.topic_id}.r{m.revision}",
    TopicEnded: lambda m: f"{m.topic_id}.r{m.revision}",
    PhraseSpotted: lambda m: f"{m.spot_id}.r{m.revision}",
    StreamMetrics: lambda m: f"{m.life}.{m.agent}.m{m.number}",
}


def event_id(message: Message) -> str:
    """Name an event by life, kind, number and revision: the same in every retry."""
    return _NUMBERED[type(message)](message)


def rfc3339(moment_ms: int) -> str:
    """Write milliseconds since 1970 as ``2026-11-24T10:00:00.000Z``."""
    second, ms = divmod(moment_ms, 1000)
    return f"{_until_seconds(second)}.{ms:03}Z"


@lru_cache(64)  # what is decided in a turn is of few seconds, each record of its own ms
def _until_seconds(moment_s: int) -> str:
    return datetime.fromtimestamp(moment_s, UTC).isoformat().removesuffix("+00:00")


_FIXED: dict[tuple[type[Message], str], tuple[Headers, Headers]] = {}


def headers(
    message: Message,
    *,
    source: str,
    time_ms: int,
    traceparent: bytes | None = None,
    name: str | None = None,
) -> Headers:
    """Make the headers of one of our events.

    Args:
        message: What the value of the Kafka message holds.
        source: The agent, such as ``caption-worker/merge``.
        time_ms: The time of the turn, milliseconds since 1970.
        traceparent: As it came with what caused it; or of the span of that decision.
        name: The event's, where the message does not tell it: a segment.
    """
    kind = type(message)
    fixed = _FIXED.get((kind, source))
    if fixed is None:
        fixed = _FIXED[kind, source] = (
            (("ce_specversion", b"1.0"), ("ce_type", CE_TYPES[kind].encode())),
            (("ce_source", source.encode()), ("content-type", b"application/json")),
        )
    own: Headers = (
        ("ce_id", (name or event_id(message)).encode()),
        ("ce_time", rfc3339(time_ms).encode()),
    )
    trace: Headers = (("traceparent", traceparent),) if traceparent else ()
    return fixed[0] + own + fixed[1] + trace
