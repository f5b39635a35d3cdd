"""One turn in the agent's hands, and its transactions."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
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
        self.works = works
        self._commit = commit
        self.decided_at: float | None = None
        """When the agent came to commit, on the monotonic clock; None if never."""
        self._decided = asyncio.Event()
        self._done: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def __iter__(self) -> Iterator[Work[S]]:
        """Yield each partition's work."""
        return iter(self.works)

    def commit(
        self,
        decided: Iterable[tuple[Work[S], Decided[S]]],
        committed: Callable[
            [Sequence[tuple[Work[S], Decided[S]]]], object
        ] = lambda _: None,
    ) -> None:
        """Begin to commit what was decided, all partitions at once, each by itself.

        It goes on by itself, while the agent decides its next turn, of other
        partitions, and also when the agent is cancelled (Faust stops agents before the
        consumer). Nothing unexpected leaves it, for Faust would swallow it.

        Args:
            decided: For each work of the turn.
            committed: Told the same, once all of it is committed.

        Raises:
            BrokenAgentError: a work is missing, or it is not the time to commit.
        """
        if self._decided.is_set():
            raise BrokenAgentError("a turn is committed once, and not when given up")
        pairs = list(decided)
        if [id(work) for work, _ in pairs] != [id(work) for work in self.works]:
            raise BrokenAgentError(
                "an agent commits all the work of its turn, in order"
            )
        self.decided_at = time.monotonic()
        self._decided.set()
        self._committing = asyncio.create_task(self._carry_out(pairs, committed))

    async def _carry_out(
        self,
        decided: list[tuple[Work[S], Decided[S]]],
        committed: Callable[[Sequence[tuple[Work[S], Decided[S]]]], object],
    ) -> None:
        try:
            commits = [self._commit(work, result) for work, result in decided]
            written = sum(await asyncio.gather(*commits))
            committed(decided)
        except BaseException as error:  # noqa: BLE001  # fail-stop: nobody waits for it
            die(error)
        self._done.set_result(written)

    async def decided(self) -> None:
        """Wait until the agent has decided all of it, or it is given up."""
        await self._decided.wait()

    async def done(self) -> int:
        """Wait for the end; return the number of transactions."""
        return await self._done

    def withdraw(self) -> None:
        """Give up a turn nobody will commit any more; its records are read again."""
        if self.decided_at is None and not self._done.done():
            self._decided.set()
            self._done.set_result(0)
