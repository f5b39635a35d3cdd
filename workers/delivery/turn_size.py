"""How much the next turn takes: more while turns are quick and a backlog remains. Pure.

A transaction costs nearly the same for a hundred records as for a thousand, and on a
busy machine each of its questions to Kafka waits for its turn at the processor. But
while a turn is decided nothing else is, so those in other partitions wait for it; and a
record that ends processes makes its partition go record by record through as many as a
turn can hold of it. So a turn grows by time, and never beyond a bound a partition.
"""

from typing import Final

QUICK_S: Final = 0.1
"""A turn decided sooner than this may be twice as large."""
LONG_S: Final = 0.25
"""One that took longer is to be half as large."""


class TurnSize:
    """How many records of an input the next turn takes, all partitions together.

    Args:
        least: What it begins with and falls back to; also the most of one partition.
    """

    def __init__(self, least: int) -> None:
        self._least = least
        self._size = least

    def among(self, partitions: int) -> int:
        """Return the size for a fetch from so many partitions."""
        return min(self._size, self._least * max(1, partitions))

    def learn(self, records: int, seconds: float, partitions: int) -> None:
        """Take in how long a turn took to decide.

        Args:
            records: In it.
            seconds: From fetched to decided.
            partitions: Owned.
        """
        if seconds > LONG_S:
            self._size = max(self._least, self._size // 2)
        elif seconds < QUICK_S and records >= self._size // 2:
            self._size = min(2 * self._size, self._least * max(1, partitions))
