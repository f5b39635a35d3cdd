"""Moments of media time, to the millisecond."""

from collections.abc import Iterable
from typing import Final

_CLEAR: Final = 0.499
"""So far from a whole millisecond, it is clear to which one a moment is nearest."""
_WHOLE: Final = 1.5 * 2**52
"""Added to a number of less than 2^51, it leaves no room for what is behind the point:
taken away again, the nearest whole number is left."""


def to_ms(moments_s: Iterable[float]) -> list[float]:
    """Return what ``round(moment_s, 3)`` gives for each moment, at half its cost.

    Each guess gives all its words new times, and `round` goes by way of text. A
    thousandth of a whole number is the very value that `round` gives; only where a
    moment is about as near to the next millisecond, `round` has to say.

    Args:
        moments_s: Seconds of media time, at most 10^9; 0 or more for most speed.
    """
    return [
        whole / 1000
        if -_CLEAR < (ms := moment_s * 1000) - (whole := ms + _WHOLE - _WHOLE) < _CLEAR
        else round(moment_s, 3)
        for moment_s in moments_s
    ]
