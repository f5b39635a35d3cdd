"""Between which values a figure lies: talks drawn anew from each set.

Source:
    The percentile bootstrap; Efron and Tibshirani (1993).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from workers.bench.topics.agreement import Summary, mean

DRAWS = 1000
_INSIDE = 0.95

T = TypeVar("T")


def drawn(
    sets: Mapping[str, Sequence[T]], judge: Callable[[Sequence[T]], Summary]
) -> list[Summary]:
    """Return the mean over sets for talks drawn anew, ``DRAWS`` times the same way.

    Sets stay as they are, since they are the kinds of talk that were looked at: what
    the interval tells is how much the choice of talks matters within them. Where each
    is one talk, there is no other choice than of these.
    """
    chance = np.random.default_rng(7)
    if len(sets) > 1 and all(len(talks) == 1 for talks in sets.values()):
        each = [judge(talks) for talks in sets.values()]
        picked = chance.integers(0, len(each), (DRAWS, len(each)))
        return [mean([each[place] for place in places]) for places in picked]
    found = []
    for _ in range(DRAWS):
        judged = []
        for talks in sets.values():
            places = chance.integers(0, len(talks), len(talks))
            judged.append(judge([talks[place] for place in places]))
        found.append(mean(judged))
    return found


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the bounds within which the middle 95 % of the values lie."""
    low, high = np.quantile(values, ((1 - _INSIDE) / 2, (1 + _INSIDE) / 2))
    return float(low), float(high)
