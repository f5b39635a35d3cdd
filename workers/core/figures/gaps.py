"""Gaps: the audio went on, but no words came of it."""

from typing import Final

from schemas.segment import CaptionSegment
from workers.core.merging import MergeState

GAP_S: Final = 10.0
"""Media time without words on any channel that is counted as a gap. People pause for
less; our choice, since no standard gives one."""


def gap_before(segment: CaptionSegment, before: MergeState, after: MergeState) -> float:
    """Return the media time without words that a segment ends; 0 below `GAP_S`.

    What comes before the first words of a life is none: we may have come late.

    Args:
        segment: What was said, with words.
        before: Merging before it, which knows the latest words up to then.
        after: Merging after it, which knows where its times begin.
    """
    if segment.start_s is None or not before.end_s:
        return 0.0
    gap_s = segment.start_s + after.offset_s - before.end_s
    return gap_s if gap_s >= GAP_S else 0.0
