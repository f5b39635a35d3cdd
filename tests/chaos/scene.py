"""All that faults are done to: brokers, worker processes, and who watches them."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from tests.chaos.brokers import Brokers
from tests.chaos.journal import Journal
from tests.chaos.slots import Slot
from tests.chaos.watching import Watching

RECOVERED_S = 60.0


class Recovery(NamedTuple):
    """How long a partition's readers got nothing new."""

    number: int
    seconds: float


class Scene:
    """Of one run.

    Args:
        brokers: Running.
        slots: Where workers run.
        joiner: Makes a slot for one who joins and leaves.
        outputs: By agent, the Kafka topics it writes for readers.
        watching: Sees all that.
        journal: Is told of what happened.
    """

    def __init__(
        self,
        brokers: Brokers,
        slots: list[Slot],
        joiner: Callable[[str], Slot],
        outputs: Mapping[str, Iterable[str]],
        watching: Watching,
        journal: Journal,
    ) -> None:
        self.brokers = brokers
        self.slots = slots
        self.joiner = joiner
        self.outputs = outputs
        self.watching = watching
        self.journal = journal
        self.brokers_busy = asyncio.Lock()
        self._tending = asyncio.create_task(self._tend())

    async def close(self) -> None:
        """Start nothing any more."""
        self._tending.cancel()
        await asyncio.gather(self._tending, return_exceptions=True)

    async def _tend(self) -> None:
        while True:
            for slot in tuple(self.slots):
                slot.tend()
            await asyncio.sleep(0.02)

    def owner_since(self, agent: str, number: int, at: float) -> float | None:
        """Return when somebody came to own a partition after a moment."""
        return min(
            (
                event["at"]
                for slot in self.slots
                if slot.agent == agent
                for event in slot.events()
                if event["at"] > at and number in event.get("owns", ())
            ),
            default=None,
        )

    async def recovered(
        self, agent: str, numbers: Iterable[int], at: float
    ) -> list[Recovery]:
        """Wait until readers get something new of each partition, by a new owner."""
        left, found = set(numbers), []
        while left and time.monotonic() - at < RECOVERED_S:
            for number in tuple(left):
                owned_at = self.owner_since(agent, number, at)
                if owned_at is None:
                    continue
                came_at = self.watching.first_after(
                    owned_at, self.outputs[agent], number
                )
                if came_at is not None:
                    left.discard(number)
                    found.append(Recovery(number, round(came_at - at, 2)))
            await asyncio.sleep(0.1)
        if left:
            self.journal.write("unrecovered", agent=agent, partitions=sorted(left))
        return found


async def until(condition: Callable[[], object], timeout_s: float) -> bool:
    """Wait for a condition; say whether it came."""
    end_s = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > end_s:
            return False
        await asyncio.sleep(0.05)
    return True
