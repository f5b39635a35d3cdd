"""Where words lie in media time."""

from collections.abc import Sequence
from typing import Final

from workers.core.merging.heard import Heard

JITTER_S: Final = 0.05
"""Ends and beginnings this close touch; recognisers round to tens of ms."""


def span_of(words: Sequence[Heard]) -> tuple[float, float] | None:
    """Return first start and last end, or None where a time is missing."""
    if not words:
        return None
    start_s, end_s = words[0].start_s, words[-1].end_s
    return None if start_s is None or end_s is None else (start_s, end_s)


def middle_s(word: Heard, unknown_s: float) -> float:
    """Return the middle of a word, or *unknown_s* where it has no times."""
    if word.start_s is None or word.end_s is None:
        return unknown_s
    return (word.start_s + word.end_s) / 2


def overlap(words: Sequence[Heard], span: tuple[float, float]) -> bool:
    """Tell whether words lie, in part, inside a stretch of time."""
    own = span_of(words)
    return (
        own is not None and own[0] < span[1] - JITTER_S and own[1] > span[0] + JITTER_S
    )
