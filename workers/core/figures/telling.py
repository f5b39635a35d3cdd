"""The end of a window: its figures as one message, and a new window."""

from typing import Final, Literal

from schemas.metrics import LifeFigures, Stability, StreamMetrics
from schemas.topics import TopicEvent
from workers.core.figures.health import Health
from workers.core.figures.latency import figures_of
from workers.core.figures.state import Changes, Figures, Tally

_TOPICS: Final = frozenset(kind.__name__ for kind in TopicEvent.__args__)


def told(
    figures: Figures,
    now_ms: int,
    *,
    stream_id: str,
    life: str,
    agent: Literal["merge", "topics"],
    last: bool,
    health: Health | None = None,
) -> tuple[Figures, StreamMetrics]:
    """End a window.

    Args:
        figures: What was counted in it and before.
        now_ms: Its end, milliseconds since 1970.
        stream_id: The stream.
        life: Its life.
        agent: Who counted; the other's figures are None.
        last: The life has ended.
        health: How agent ``merge`` judges the stream.

    Returns:
        The figures with a new window, and what this one counted.
    """
    window = figures.window
    message = StreamMetrics(
        stream_id=stream_id,
        life=life,
        agent=agent,
        number=figures.number,
        window_s=(now_ms - figures.since_ms) / 1000,
        last=last,
        captions={
            name: count for name, count in window.events.items() if name not in _TOPICS
        },
        words=window.words,
        words_per_minute=round(60_000 * window.words / window.spoken_ms, 1)
        if window.spoken_ms
        else None,
        uncertain=window.uncertain,
        late=window.late,
        flags=window.flags,
        latency=figures_of(figures.latencies),
        **(_of_merge(figures, health) if health else _of_topics(window)),
    )
    after = Figures(
        since_ms=now_ms,
        number=figures.number + 1,
        before=_together(figures.before, window),
        recent=figures.recent,
        watch=figures.watch,
    )
    return after, message


def _of_topics(window: Tally) -> dict[str, dict[str, int]]:
    return {
        "topics": {
            name: count for name, count in window.events.items() if name in _TOPICS
        }
    }


def _of_merge(figures: Figures, health: Health) -> dict[str, object]:
    window = figures.window
    whole = _together(figures.before, window)
    timed = figures.watch.timed
    return {
        "segments": window.segments,
        "duplicates": window.segments.get("duplicate", 0),
        "cues": sum(sent for sent, _, _ in window.cues.values()),
        "cue_compliance": _compliance(window),
        "gaps": window.gaps if timed else None,
        "gap_s": window.gap_ms / 1000 if timed else None,
        "stability": _stability(window.changes),
        "state": health.state,
        "reason": health.reason,
        "whole_life": LifeFigures(
            words=whole.words,
            duplicates=whole.segments.get("duplicate", 0),
            late=whole.late,
            uncertain=whole.uncertain,
            flags=whole.flags,
            cue_compliance=_compliance(whole),
            gaps=whole.gaps if timed else None,
            gap_s=whole.gap_ms / 1000 if timed else None,
            stability=_stability(whole.changes),
        ),
    }


def _compliance(tally: Tally) -> dict[str, float]:
    return {
        profile: round(kept / shown, 4)
        for profile, (_, shown, kept) in tally.cues.items()
        if shown
    }


def _stability(changes: Changes) -> Stability:
    words = changes.final_words
    moved = changes.added + changes.erased
    return Stability(
        updates=changes.updates,
        words_added=changes.added,
        words_erased=changes.erased,
        stable_words_erased=changes.stable_erased,
        unstable_words=changes.unstable,
        final_words=words,
        normalized_erasure=_ratio(changes.erased, words),
        stable_normalized_erasure=_ratio(changes.stable_erased, words),
        upwr=_ratio(changes.unstable, words),
        burstiness=_ratio(moved, changes.updates),
        largest_burst=changes.largest,
    )


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _together(one: Tally, other: Tally) -> Tally:
    """Add two tallies; event types are not kept of what was told."""
    return Tally(
        segments=_sums(one.segments, other.segments),
        words=one.words + other.words,
        spoken_ms=one.spoken_ms + other.spoken_ms,
        uncertain=one.uncertain + other.uncertain,
        late=one.late + other.late,
        flags=_sums(one.flags, other.flags),
        cues={
            profile: _cues(one, other, profile)
            for profile in {**one.cues, **other.cues}
        },
        gaps=one.gaps + other.gaps,
        gap_ms=one.gap_ms + other.gap_ms,
        longest_gap_ms=max(one.longest_gap_ms, other.longest_gap_ms),
        changes=one.changes.plus(other.changes),
    )


def _sums(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}


def _cues(one: Tally, other: Tally, profile: str) -> tuple[int, int, int]:
    nothing = (0, 0, 0)
    sent, shown, kept = one.cues.get(profile, nothing)
    more = other.cues.get(profile, nothing)
    return sent + more[0], shown + more[1], kept + more[2]
