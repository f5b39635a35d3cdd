"""What a committed turn held, counted; of its messages only what metrics need is read.

Called after the commit, so what metrics tell is on Kafka; a process that ends between
the two counts less, never more.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import Struct
from prometheus_client import Counter as Count
from prometheus_client import Histogram

from schemas.captions import CaptionFinal, Cue, Latency
from schemas.events import CE_TYPES
from schemas.fields import Message
from schemas.metrics import StreamMetrics
from schemas.topics import EnrichedCaption, TopicConfirmed
from workers import metrics
from workers.agents.merge import CORRECTION_NOTE
from workers.core.figures.latency import shown_ms, stages
from workers.delivery.decide import Decided
from workers.rejections import rejections

_PREFIX = b"captions."


class _Named(Struct, frozen=True):
    name: str


class _Final(Struct, frozen=True):
    """Of ``CaptionFinal`` and ``EnrichedCaption``."""

    latency: Latency | None = None
    flags: tuple[_Named, ...] = ()


class _Broken(Struct, frozen=True):
    rule: str
    because: str


class _Cue(Struct, frozen=True):
    profile: str
    withdrawn: bool = False
    compliance: tuple[_Broken, ...] = ()


class _Confirmed(Struct, frozen=True):
    latency_s: float | None = None


def observe(turn: Iterable[tuple[int, Decided[Any]]]) -> None:
    """Count what a committed turn held, by partition."""
    for partition, one in turn:
        metrics.RECORDS.labels("decided").inc(one.decided)
        metrics.RECORDS.labels("skipped").inc(one.skipped)
        for note, count in one.notes.items():
            of_correction = note.startswith(CORRECTION_NOTE)
            counter = metrics.CORRECTIONS if of_correction else metrics.SEGMENTS
            counter.labels(note.removeprefix(CORRECTION_NOTE)).inc(count)
        events: Counter[bytes] = Counter()
        for _, output in one.outputs:
            for name, value in output.headers:
                if name == "ce_type":
                    events[value] += 1
                    read = _READ.get(value)
                    if read is not None and output.value is not None:
                        read(partition, output.value)
                    break
        for kind, count in events.items():
            metrics.EVENTS.labels(kind.removeprefix(_PREFIX).decode()).inc(count)
        for rejected in rejections(one):
            metrics.REJECTED.labels(rejected.reason).inc()


def _decoded(
    kind: type[Struct], count: Callable[[int, Any], None]
) -> Callable[[int, bytes], None]:
    decode = msgspec.json.Decoder(kind).decode
    return lambda partition, value: count(partition, decode(value))


def _final(_: int, final: _Final) -> None:
    for flag in final.flags:
        metrics.FLAGS.labels(flag.name).inc()
    _latency(final.latency)


def _enriched(_: int, enriched: _Final) -> None:
    # The flags are those of the final caption, counted where that was written.
    _latency(enriched.latency)


def _latency(latency: Latency | None) -> None:
    if latency is None:
        return
    spent = stages(latency)
    parts = {
        "recogniser": latency.recogniser_s,
        "kafka": latency.kafka_s,
        "policy": latency.policy_s,
        "worker": latency.worker_s,
    }
    known = {stage: seconds for stage, seconds in parts.items() if seconds is not None}
    for stage, seconds in known.items():
        _stage(stage).observe(seconds)
    shown = shown_ms(spent)
    if shown is not None:
        metrics.DELAY_SECONDS.observe(shown / 1000)
    if len(known) == len(parts):
        metrics.LATENCY_SECONDS.observe(sum(known.values()))


@cache  # to find it by its labels takes as long as to observe
def _stage(stage: str) -> Histogram:
    return metrics.STAGE_SECONDS.labels(stage)


@cache  # the same; profiles are those of the settings
def _cues(profile: str, outcome: str) -> Count:
    return metrics.CUES.labels(profile, outcome)


def _cue(_: int, cue: _Cue) -> None:
    outcome = "withdrawn" if cue.withdrawn else "broke" if cue.compliance else "kept"
    if any(broken.because == "next_unknown" for broken in cue.compliance):
        # It comes again when it is known what follows, and counts then.
        _cues(cue.profile, "open").inc()
        return
    _cues(cue.profile, outcome).inc()
    for broken in cue.compliance:
        metrics.CUE_RULES_BROKEN.labels(cue.profile, broken.rule).inc()


def _confirmed(_: int, topic: _Confirmed) -> None:
    if topic.latency_s is not None:
        metrics.TOPIC_SECONDS.observe(topic.latency_s)


def _stream(partition: int, told: StreamMetrics) -> None:
    if told.state is None:
        return  # agent `topics` does not judge
    streams = metrics.PARTITIONS.streams.setdefault(partition, {})
    if told.last:
        streams.pop(told.stream_id, None)
    else:
        streams[told.stream_id] = told.state
    for histogram, figure in _figures(told):
        if figure is not None:
            histogram.observe(figure)


def _figures(told: StreamMetrics) -> Iterator[tuple[Histogram, float | None]]:
    """Yield what one stream adds to each distribution over streams."""
    if told.latency is not None and told.latency.total_s is not None:
        yield metrics.STREAM_LATENCY, told.latency.total_s.p50
    if told.stability is not None:
        yield metrics.STREAM_ERASURE, told.stability.normalized_erasure
        yield metrics.STREAM_STABLE_ERASURE, told.stability.stable_normalized_erasure
        yield metrics.STREAM_UNSTABLE, told.stability.upwr
    finals = (told.captions or {}).get("CaptionFinal", 0)
    if finals and told.uncertain is not None:
        # What was withdrawn or revised meanwhile may have been counted as well.
        yield metrics.STREAM_UNCERTAIN, min(1.0, told.uncertain / finals)
    if told.cue_compliance:
        yield metrics.STREAM_COMPLIANCE, min(told.cue_compliance.values())
    yield metrics.STREAM_PACE, told.words_per_minute
    yield metrics.STREAM_GAP, told.gap_s


_KINDS: Final[dict[type[Message], Callable[[int, bytes], None]]] = {
    CaptionFinal: _decoded(_Final, _final),
    EnrichedCaption: _decoded(_Final, _enriched),
    Cue: _decoded(_Cue, _cue),
    TopicConfirmed: _decoded(_Confirmed, _confirmed),
    StreamMetrics: _decoded(StreamMetrics, _stream),
}
_READ: Final = {CE_TYPES[kind].encode(): read for kind, read in _KINDS.items()}
"""What is read of a message, by its ``ce_type``; of others the type is enough."""
