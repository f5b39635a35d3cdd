"""How many of the words after a gap are new, and how many come again there."""

from functools import lru_cache
from typing import Final

from workers.core.topics.kept.sentence import UNITS
from workers.core.topics.sums import Sums

_WINDOWS: Final = ((8, 40), (16, 80))
"""Sentences after the gap, and sentences before it in which a word is not new."""


@lru_cache
def _windows(look_ahead: int) -> tuple[tuple[int, int], ...]:
    return tuple((min(after, look_ahead), back) for after, back in _WINDOWS)


def names(look_ahead: int) -> tuple[str, ...]:
    """Return the names of the features, in the order of their values."""
    return tuple(
        f"{name}_{after}_{back}"
        for after, back in _windows(look_ahead)
        for name in ("novelty", "repetition")
    )


def values(sums: Sums, gap: int, look_ahead: int) -> list[float]:
    """Return shares of word mass after the gap: new words, and words heard again."""
    features: list[float] = []
    for after, back in _windows(look_ahead):
        end = min(sums.count, gap + after)
        total, new = sums.newness(gap, end, max(gap - back, sums.first))
        again = sums.mass(gap, end) - total
        # Refrains and loops: being said over and over tells no more than twice.
        features += (new / (total + UNITS), min(again, total) / (total + UNITS))
    return features


def new_stems(sums: Sums, gap: int, count: int = 3) -> tuple[str, ...]:
    """Return the weightiest new stems of the sentences right after a gap."""
    after, back = _WINDOWS[0]
    oldest = max(gap - back, sums.first)
    found: dict[str, int] = {}
    for index in range(gap, min(sums.count, gap + after)):
        for stem, last, units in sums.stems_of(index):
            if last < oldest:
                found[stem] = units
            elif stem in found:
                found[stem] += units  # said again here: it is the subject
    return tuple(sorted(found, key=lambda stem: (-found[stem], stem))[:count])
