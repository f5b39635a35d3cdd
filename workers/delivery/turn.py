"""One turn in the agent's hands, and its transactions."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Generic, TypeVar

from workers.delivery.decide import Decided, Work
from workers.delivery.exits import DeliveryError, die

S = TypeVar("S")


class BrokenAgentError(DeliveryError):
    """An agent has left out a part of its turn; its records would be lost."""


class Turn(Generic[S]):
    """One fetch, in the agent's hands: work for some partitions."""

    def __init__(
        self,
        works: tuple[Work[S], ...],
        commit: Callable[[Work[S], Decided[S]], Awaitable[bool]],
    ) -> None:
        self._works = works
        self._commit = commit
        self.decided_at: float | None = None
        """When the agent came to commit, on the monotonic clock."""
        self._taken = False
        self._done: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def __iter__(self) -> Iterator[Work[S]]:
        """Yield each partition's work."""
        return iter(self._works)

    async def commit(self, decided: Iterable[tuple[Work[S], Decided[S]]]) -> None:
        """Commit what was decided, all partitions at once, each by itself.

        Runs to its end even when the agent is cancelled meanwhile (Faust stops agents
        before the consumer). Nothing unexpected leaves it, for Faust would swallow it.
        """
        self._taken = True
        self.decided_at = time.monotonic()
        decided = list(decided)
        if [id(work) for work, _ in decided] != [id(work) for work in self._works]:
            raise BrokenAgentError(
                "an agent commits all the work of its turn, in order"
            )
        commits = [self._commit(work, result) for work, result in decided]
        task = asyncio.ensure_future(asyncio.gather(*commits))
        task.add_done_callback(self._finish)
        await asyncio.shield(task)

    def _finish(self, task: "asyncio.Future[list[bool]]") -> None:
        if task.cancelled():
            die(asyncio.CancelledError("a transaction was cancelled"))
        error = task.exception()
        if error is not None:
            die(error)
        self._done.set_result(sum(task.result()))

    async def done(self) -> int:
        """Wait for the end; return the number of transactions."""
        return await self._done

    def withdraw(self) -> None:
        """Give up a turn nobody took and nobody will; its records are read again."""
        if not self._taken and not self._done.done():
            self._done.set_result(0)
