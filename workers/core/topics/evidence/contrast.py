"""How unlike the words before and after a gap are, in several widths."""

from functools import lru_cache
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workers.core.topics.evidence.history import add, compare
from workers.core.topics.evidence.similarities import History
from workers.core.topics.kept.sentence import UNITS
from workers.core.topics.sums import Sums

_PAIRS: Final = ((8, 4), (16, 8), (32, 8), (32, 16), (64, 16))
"""Sentences before and after the gap."""

_REMEMBERED_PAIRS: Final = ((16, 8), (32, 16))
_BACKGROUND: Final = 0.7
"""Share of the mean of all that was heard taken out: what is always spoken of."""


def pairs(look_ahead: int) -> tuple[tuple[int, int], ...]:
    """Return the widths before and after the gap that fit the look-ahead."""
    return tuple(pair for pair in _PAIRS if pair[1] <= look_ahead)


@lru_cache
def remembered_pairs(look_ahead: int) -> tuple[tuple[int, int], ...]:
    """Return the widths whose similarities are compared with those of earlier gaps."""
    return tuple(pair for pair in _REMEMBERED_PAIRS if pair[1] <= look_ahead)


def names(look_ahead: int) -> tuple[str, ...]:
    """Return the names of the features, in the order of their values."""
    own = [
        f"{name}_{before}_{after}"
        for before, after in pairs(look_ahead)
        for name in ("similarity", "gain")
    ]
    compared = [
        f"{name}_{before}_{after}"
        for before, after in remembered_pairs(look_ahead)
        for name in ("depth", "z")
    ]
    return (*own, *compared)


def values(
    sums: Sums,
    gap: int,
    look_ahead: int,
    background: NDArray[np.float64],
    histories: tuple[History, ...],
) -> tuple[list[float], tuple[History, ...]]:
    """Return the features of a gap, and the histories with this gap added.

    Args:
        sums: Of the kept sentences.
        gap: Index of the sentence after the gap.
        look_ahead: Sentences that may be read from the gap on.
        background: Mean vector of all that was heard, for one unit of word mass.
        histories: Similarities of earlier gaps, for each of ``remembered_pairs``.
    """
    widths, befores, afters = _windows(look_ahead)
    first, last = sums.first, sums.count
    edges = [gap - width for width in befores] + [gap + width for width in afters]
    if min(edges) < first or max(edges) > last:
        edges = [min(last, max(first, edge)) for edge in edges]
    vectors, masses = sums.around(gap, edges)
    # Taking the background out of each window first would be three times as slow as
    # one product of all with all, background among them, and the rest by numbers.
    count = len(masses)
    every = np.empty((count + 1, len(background)))
    every[:count] = vectors
    every[count] = background
    raw: list[list[float]] = every.dot(every.T).tolist()
    own = raw[count]
    usual = own[count]
    shares = [_BACKGROUND * mass for mass in masses]
    # Of squares, so what is below 0 was rounded.
    lengths = [
        sqrt(abs(row[one] - 2.0 * share * own[one] + share * share * usual))
        for one, (row, share) in enumerate(zip(raw, shares, strict=False))
    ]
    features: list[float] = []
    similarities = {}
    for pair, before, after in widths:
        # What is before the gap is negative, so the product has the other sign.
        product = (
            shares[before] * own[after]
            - raw[before][after]
            + shares[after] * own[before]
            - shares[before] * shares[after] * usual
        )
        similarity = product / (lengths[before] * lengths[after] + 1.0)
        similarity = min(1.0, max(-1.0, similarity))
        similarities[pair] = similarity
        mass_before, mass_after = -masses[before] / UNITS, masses[after] / UNITS
        confidence = sqrt(mass_before * mass_after / (mass_before + mass_after + 1e-6))
        features += (similarity, (1.0 - similarity) * confidence / 3.0)

    grown = []
    for pair, history in zip(remembered_pairs(look_ahead), histories, strict=True):
        features += compare(history, similarities[pair], pair[0])
        grown.append(add(history, similarities[pair]))
    return features, tuple(grown)


@lru_cache
def _windows(
    look_ahead: int,
) -> tuple[
    tuple[tuple[tuple[int, int], int, int], ...], tuple[int, ...], tuple[int, ...]
]:
    """Return pairs with the places of their windows, and the widths on both sides."""
    widths = pairs(look_ahead)
    befores = sorted({before for before, _ in widths})
    afters = sorted({after for _, after in widths})
    placed = tuple(
        (pair, befores.index(pair[0]), len(befores) + afters.index(pair[1]))
        for pair in widths
    )
    return placed, tuple(befores), tuple(afters)
