"""The similarities of earlier gaps, so that one can be told from the usual ones."""

from math import sqrt
from typing import Final

from workers.core.topics.evidence.similarities import History

LONGEST: Final = 400
"""Gaps: half an hour of talk."""

_STEPS: Final = 127
"""A similarity of 1. Steps are kept as bytes, 128 for a similarity of 0."""
_ZERO: Final = 128
_LEAST_VARIANCE: Final = 1e-4
_SOFTENING: Final = 0.03


def add(history: History, similarity: float) -> History:
    """Return the history with the similarity, -1 to 1, of one more gap."""
    step = round(similarity * _STEPS)
    total = history.total + step
    squares = history.squares + step * step
    steps = history.steps
    if len(steps) == LONGEST:
        oldest = steps[0] - _ZERO
        total -= oldest
        squares -= oldest * oldest
        steps = steps[1:]
    return History(steps + bytes((step + _ZERO,)), total, squares)


def compare(history: History, similarity: float, width: int) -> tuple[float, float]:
    """Return how far a similarity is below the best recent one, and below the usual.

    Returns:
        The depth under the best of the last *width* gaps, 0 or more; the distance
        below the mean of all remembered in standard deviations, -3 to 4.
    """
    count = len(history.steps) + 1
    mean = (history.total / _STEPS + similarity) / count
    squares = (history.squares / _STEPS**2 + similarity * similarity) / count
    deviation = sqrt(max(_LEAST_VARIANCE, squares - mean * mean))
    z = (mean - similarity) / (deviation + _SOFTENING)
    best = (max(history.steps[-width:], default=0) - _ZERO) / _STEPS
    return max(0.0, best - similarity), min(4.0, max(-3.0, z))
