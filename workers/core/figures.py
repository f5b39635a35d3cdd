"""The figures of a stream over one window: what `StreamMetrics` tells."""

from statistics import median
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from schemas.captions import CaptionFinal, Cue, Latency
from schemas.fields import Message
from schemas.metrics import StreamMetrics
from schemas.topics import EnrichedCaption, TopicEvent
from workers.core.outputs import Noted, Output, Refused

LATENCIES = 50
"""Kept of a window, for their median; a window has two or three captions."""


class Figures(Struct, frozen=True, array_like=True, omit_defaults=True):
    """What was counted since the window began."""

    since_ms: int
    number: int = 0
    segments: dict[str, int] = {}
    events: dict[str, int] = {}
    cues: int = 0
    words: int = 0
    spoken_s: float = 0.0
    latencies: tuple[float, ...] = ()


def counted(figures: Figures, outputs: tuple[Output, ...]) -> Figures:
    """Add what a step said."""
    segments = figures.segments
    events = dict(figures.events)
    cues, words, spoken_s = figures.cues, figures.words, figures.spoken_s
    latencies = figures.latencies
    for output in outputs:
        match output:
            case Noted(outcome):
                segments = {**segments, outcome: segments.get(outcome, 0) + 1}
                continue
            case Refused(reason):
                segments = {**segments, reason: segments.get(reason, 0) + 1}
                continue
            case Cue():
                cues += 1
                continue
            case CaptionFinal() | EnrichedCaption():
                words += len(output.text.split())
                if output.start_s is not None and output.end_s is not None:
                    spoken_s += output.end_s - output.start_s
                seconds = total_s(output.latency)
                if seconds is not None:
                    latencies = (*latencies, round(seconds, 3))[-LATENCIES:]
        name = type(output).__name__
        events[name] = events.get(name, 0) + 1
    return replace(
        figures,
        segments=segments,
        events=events,
        cues=cues,
        words=words,
        spoken_s=round(spoken_s, 3),
        latencies=latencies,
    )


def total_s(latency: Latency | None) -> float | None:
    """Add up a latency; None where a part of it cannot be known."""
    if latency is None:
        return None
    parts = (
        latency.recogniser_s,
        latency.kafka_s,
        latency.policy_s,
        latency.worker_s,
    )
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def told(
    figures: Figures,
    now_ms: int,
    *,
    stream_id: str,
    life: str,
    agent: Literal["merge", "topics"],
    last: bool,
) -> tuple[Figures, Message]:
    """End a window: what it counted, and a new one."""
    topics = {kind.__name__ for kind in TopicEvent.__args__}
    mine = agent == "merge"
    message = StreamMetrics(
        stream_id=stream_id,
        life=life,
        agent=agent,
        number=figures.number,
        window_s=(now_ms - figures.since_ms) / 1000,
        last=last,
        segments=figures.segments if mine else None,
        captions={
            name: count for name, count in figures.events.items() if name not in topics
        },
        cues=figures.cues if mine else None,
        words=figures.words,
        words_per_minute=round(60 * figures.words / figures.spoken_s, 1)
        if figures.spoken_s
        else None,
        latency_s=median(figures.latencies) if figures.latencies else None,
        topics=None
        if mine
        else {name: count for name, count in figures.events.items() if name in topics},
    )
    return Figures(since_ms=now_ms, number=figures.number + 1), message
