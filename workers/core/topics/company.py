"""How many share a talk, as far as it matters for changes of topic."""

from collections.abc import Iterable
from math import log2
from typing import Final

from workers.core.topics.kept.heard import Speaker

_MOST: Final = 1.3
_UNKNOWN: Final = 0.13
"""Where nobody is told apart: some such talks are of many."""


def company(speakers: Iterable[Speaker]) -> float:
    """Return 0 where one or two speak, 1 where four share a talk alike, 1.3 at most.

    It is by how much the entropy of who speaks is over one bit, which two have who
    share a talk alike; so whoever says little counts little.
    """
    shares = [one.sentences for one in speakers]
    total = sum(shares)
    if not shares:
        return _UNKNOWN
    entropy = log2(total) - sum(share * log2(share) for share in shares) / total
    return min(_MOST, max(0.0, entropy - 1.0))
