"""What the recogniser does: when its last words came, how long it only guesses."""

from typing import Final

from msgspec.structs import replace

from schemas.segment import CaptionSegment
from workers.core.figures.gaps import gap_before
from workers.core.figures.state import Figures, Watch
from workers.core.merging import MergeState

BREAK_MS: Final = 5_000
"""After so long without words, guesses begin anew: silence closed what was open."""


def listened(
    figures: Figures,
    segment: CaptionSegment,
    before: MergeState,
    after: MergeState,
    arrived_ms: int,
) -> Figures:
    """Take note of a segment.

    Args:
        figures: Before it.
        segment: What was said; a final on any channel ends the guessing of all.
        before: Merging before it.
        after: Merging after it.
        arrived_ms: Its Kafka timestamp.
    """
    watch = figures.watch
    spoken = bool(segment.text) and not segment.text.isspace()
    guessing_ms = watch.guessing_ms
    if segment.is_final:
        guessing_ms = None
    elif spoken and (guessing_ms is None or arrived_ms - watch.worded_ms > BREAK_MS):
        guessing_ms = arrived_ms
    watch = Watch(
        max(watch.worded_ms, arrived_ms) if spoken else watch.worded_ms,
        guessing_ms,
        watch.timed or segment.start_s is not None,
    )
    gap_s = gap_before(segment, before, after) if spoken else 0.0
    if not gap_s:
        return replace(figures, watch=watch)
    gap_ms = round(gap_s * 1000)
    window = replace(
        figures.window,
        gaps=figures.window.gaps + 1,
        gap_ms=figures.window.gap_ms + gap_ms,
        longest_gap_ms=max(figures.window.longest_gap_ms, gap_ms),
    )
    return replace(figures, window=window, watch=watch)
