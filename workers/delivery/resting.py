"""Partitions that rest for a while, since too much of what comes there cannot be used.

A producer that has begun to send nonsense would else move all it sends to the rejected
records, as fast as it goes, and its good records would pass by in between. A partition
that rests waits with everything, so whoever repairs it finds most of it still unread.
Its neighbours among the partitions go on. It is for those who would rather be late than
go on without; by default no partition rests.
"""

import time
from collections import deque
from collections.abc import Callable
from typing import Final

WINDOW: Final = 1000
"""Records that the share is taken of, or as many as there were."""
LEAST: Final = 100
"""So many of them are rejected before anything is done: a few are no reason."""
REST_S: Final = 30.0


class Resting:
    """Which partitions rest now.

    Args:
        limit: The share of rejected records beyond which one rests; 1 is never.
        clock: Seconds that never jump.
    """

    def __init__(
        self, limit: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = limit
        self._clock = clock
        self._until: dict[int, float] = {}
        self._recent: dict[int, deque[tuple[int, int]]] = {}

    def rests(self, number: int) -> bool:
        """Tell whether a partition rests."""
        return self._until.get(number, 0.0) > self._clock()

    def note(self, number: int, decided: int, rejected: int) -> tuple[int, int] | None:
        """Take in what was committed of a partition.

        Args:
            number: The partition's.
            decided: Records.
            rejected: Of them.

        Returns:
            How many were rejected, and of how many, if it rests from now on.
        """
        if self._limit >= 1 or not decided:
            return None
        recent = self._recent.setdefault(number, deque())
        recent.append((decided, rejected))
        total = sum(each for each, _ in recent)
        while total - recent[0][0] >= WINDOW:
            total -= recent.popleft()[0]
        lost = sum(each for _, each in recent)
        if lost < LEAST or lost <= self._limit * total:
            return None
        # What comes after the rest is looked at by itself.
        del self._recent[number]
        self._until[number] = self._clock() + REST_S
        return lost, total
