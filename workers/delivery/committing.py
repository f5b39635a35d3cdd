"""Which partitions are being committed, while others are decided."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any

from workers.delivery.exits import die


class Committing:
    """Turns that are decided and not committed yet."""

    def __init__(self) -> None:
        self._numbers: dict[asyncio.Task[None], frozenset[int]] = {}

    def __contains__(self, number: int) -> bool:
        """Tell whether a partition is being committed."""
        return any(number in numbers for numbers in self._numbers.values())

    def __len__(self) -> int:
        """Return how many partitions are being committed."""
        return sum(len(numbers) for numbers in self._numbers.values())

    def add(self, numbers: Iterable[int], ending: Coroutine[Any, Any, None]) -> None:
        """Take in a turn that is decided.

        Args:
            numbers: Its partitions.
            ending: Ends with its transactions.
        """
        task = asyncio.create_task(ending)
        self._numbers[task] = frozenset(numbers)
        task.add_done_callback(self._remove)

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        """What ends as turns are committed."""
        return list(self._numbers)

    async def all_in(self) -> None:
        """Wait until all are committed."""
        while self._numbers:
            await asyncio.wait(self._numbers)
            await asyncio.sleep(0)  # the callbacks of the tasks

    def _remove(self, task: asyncio.Task[None]) -> None:
        del self._numbers[task]
        if task.cancelled():
            die(asyncio.CancelledError("a transaction was cancelled"))
        if (error := task.exception()) is not None:
            die(error)
