"""How well changes found agree with true ones: Pk, WindowDiff, F1 with a tolerance.

Source:
    Pk: Beeferman, Berger and Lafferty (1999). WindowDiff: Pevzner and Hearst (2002).
    Both by half the mean true topic, as usual; equal to nltk's, which slides one
    window further than there are gaps, to 1e-9 once that window is left out.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

TOLERANCES = (3, 10)
"""Sentences by which a change may be off and still count as found."""


class Agreement(Struct, frozen=True, kw_only=True):
    """Of one talk; counts, so that those of a set can be summed."""

    pk: float
    """Share of probes that differ on whether both ends are of one topic."""
    wd: float
    """Share of probes that differ on how many changes lie between their ends."""
    true: int
    found: int
    matched: tuple[int, ...]
    """Changes matched one to one, for each of ``TOLERANCES``."""


class Summary(Struct, frozen=True, kw_only=True):
    """Of a set: mean Pk and WindowDiff, F1 of all changes together."""

    pk: float
    wd: float
    f1: tuple[float, ...]
    """For each of ``TOLERANCES``."""


def agreement(size: int, true: Sequence[int], found: Sequence[int]) -> Agreement:
    """Compare changes of one talk.

    Args:
        size: Utterances of the talk.
        true: Indices of utterances that begin a topic, in order, without 0.
        found: The same, as found.
    """
    probe = probe_width(size, len(true))
    between = [_between(size, changes, probe) for changes in (true, found)]
    pk = wd = 0.0
    if size > probe:
        pk = float(np.mean((between[0] > 0) != (between[1] > 0)))
        wd = float(np.mean(between[0] != between[1]))
    matched = tuple(_matched(true, found, within) for within in TOLERANCES)
    return Agreement(pk=pk, wd=wd, true=len(true), found=len(found), matched=matched)


def probe_width(size: int, changes: int) -> int:
    """Return half the mean length of a topic, 2 at least."""
    return max(2, round(size / (2 * (changes + 1))))


def _between(size: int, changes: Sequence[int], probe: int) -> NDArray[np.int64]:
    """Return how many changes there are between ``i`` and ``i + probe``, by ``i``."""
    begins = np.zeros(size + 1, np.int64)
    begins[[change + 1 for change in changes]] = 1
    before = np.cumsum(begins)
    return before[probe + 1 :] - before[1 : len(before) - probe]


def _matched(true: Sequence[int], found: Sequence[int], within: int) -> int:
    """Count the most pairs, each change in one at most, not further apart than that."""
    at = other = pairs = 0
    while at < len(true) and other < len(found):
        apart = found[other] - true[at]
        if abs(apart) <= within:
            pairs += 1
        at += apart >= -within
        other += apart <= within
    return pairs


def summary(talks: Sequence[Agreement]) -> Summary:
    """Sum up the talks of a set; there is at least one."""
    changes = sum(talk.true + talk.found for talk in talks)
    return Summary(
        pk=sum(talk.pk for talk in talks) / len(talks),
        wd=sum(talk.wd for talk in talks) / len(talks),
        f1=tuple(
            2 * sum(talk.matched[place] for talk in talks) / changes if changes else 0.0
            for place in range(len(TOLERANCES))
        ),
    )


def mean(sets: Sequence[Summary]) -> Summary:
    """Return the mean over sets, so that no big one rules; there is at least one."""
    return Summary(
        pk=sum(one.pk for one in sets) / len(sets),
        wd=sum(one.wd for one in sets) / len(sets),
        f1=tuple(
            sum(one.f1[place] for one in sets) / len(sets)
            for place in range(len(TOLERANCES))
        ),
    )
