"""Where the time of a segment goes, measured on the rules alone, without Kafka."""

import gc
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from schemas.codec import CAPTION_EVENT, SEGMENT, encode
from schemas.events import headers
from schemas.fields import Message
from schemas.segment import CaptionSegment
from workers.agents.merge import MergeRules
from workers.core.captioning import on_segment
from workers.core.enriching import TopicInput, on_caption
from workers.core.lives import CaptionRules, StreamState
from workers.core.merging import MergeState
from workers.core.merging import step as merge_step
from workers.core.topic_lives import Enriching
from workers.core.topics import TopicModel

T = TypeVar("T")

_NOW_MS = 1_800_000_000_000


def measure(
    segments: list[CaptionSegment], model: TopicModel, rules: CaptionRules
) -> list[tuple[str, float, str]]:
    """Time each stage on the same segments.

    Returns:
        Name of the stage, microseconds of CPU, and of what: a segment or a caption.
    """
    values = [(one.stream_id.encode(), encode(one)) for one in segments]
    said: list[Message] = []
    states: dict[str, StreamState] = {}

    def decide() -> None:
        for number, segment in enumerate(segments):
            said.extend(_decided(states, number, segment, rules))

    # As in a worker: what was there before is not looked at by the collector.
    gc.collect()
    gc.freeze()
    decode_s = _timed(lambda: [SEGMENT.decode(*value) for value in values])
    whole_s = _timed(decide)
    merge_s = _timed(lambda: _merged(segments, rules))
    encode_s = _timed(lambda: [encode(one) for one in said])
    headers_s = _timed(
        lambda: [
            headers(one, source="caption-worker/merge", time_ms=_NOW_MS) for one in said
        ]
    )
    state_us = _written_us(segments, rules)
    captions = [one for one in said if isinstance(one, TopicInput)]
    written = [(one.stream_id.encode(), encode(one)) for one in captions]
    read_s = _timed(lambda: [CAPTION_EVENT.decode(*one) for one in written])
    topics_s = _timed(lambda: _enriched(captions, model))
    per = 1e6 / len(segments)
    each = 1e6 / len(captions)
    return [
        ("merge: decode", decode_s * per, "segment"),
        ("merge: merging", merge_s * per, "segment"),
        ("merge: cues and figures", (whole_s - merge_s) * per, "segment"),
        ("merge: encode outputs", encode_s * per, "segment"),
        ("merge: headers", headers_s * per, "segment"),
        ("merge: encode a state", state_us, "stream and turn"),
        ("topics: decode", read_s * each, "final caption"),
        ("topics: find topics, enrich", topics_s * each, "final caption"),
    ]


def _decided(
    states: dict[str, StreamState],
    number: int,
    segment: CaptionSegment,
    rules: CaptionRules,
) -> list[Message]:
    """Decide about a segment as an agent does; return what is told of it."""
    states[segment.stream_id], outputs = on_segment(
        states.get(segment.stream_id),
        segment,
        rules,
        place=f"0-{number}",
        arrived_ms=_NOW_MS + number,
        now_ms=_NOW_MS + number,
    )
    return [one for one in outputs if isinstance(one, Message)]


def _written_us(segments: Iterable[CaptionSegment], rules: CaptionRules) -> float:
    """Time what a worker that is caught up writes: a state after each segment.

    They are written when all of a turn is decided, one segment of each stream.
    """
    write = MergeRules(rules, "bench").encode_state
    states: dict[str, StreamState] = {}
    turn: list[str] = []
    spent_s = 0.0
    for number, segment in enumerate(segments):
        if segment.stream_id in turn[:1]:
            spent_s += _timed(lambda: [write(states[name]) for name in turn])
            turn.clear()
        turn.append(segment.stream_id)
        _decided(states, number, segment, rules)
    return 1e6 * spent_s / (number + 1 - len(turn))


def _merged(segments: Iterable[CaptionSegment], rules: CaptionRules) -> None:
    states: dict[str, MergeState] = {}
    for number, segment in enumerate(segments):
        state = states.get(segment.stream_id) or MergeState(
            stream_id=segment.stream_id, life="0-0"
        )
        states[segment.stream_id], _ = merge_step(
            state, segment, _NOW_MS + number, rules.merge
        )


def _enriched(captions: Iterable[Message], model: TopicModel) -> None:
    states: dict[str, Enriching | None] = {}
    for event in captions:
        assert isinstance(event, TopicInput)
        states[event.stream_id], _ = on_caption(
            states.get(event.stream_id), event, model, now_ms=_NOW_MS, waited_s=0.0
        )


def _timed(work: Callable[[], T]) -> float:
    started_s = time.process_time()  # what else the machine does is not in it
    work()
    return time.process_time() - started_s
