"""From group membership to turns: the one place that starts and stops them.

Faust's consumer calls it at four moments: partitions are assigned, positions may be
set, partitions are revoked, the process stops. There must be one of it in a process:
two would fence each other.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from aiokafka import TopicPartition

from workers.delivery.clients import Connection
from workers.delivery.exits import die
from workers.delivery.group_offsets import GroupOffsets
from workers.delivery.observer import Observer
from workers.delivery.owner import Owner
from workers.delivery.rules import Rules
from workers.delivery.settings import TurnSettings
from workers.delivery.source import Source
from workers.delivery.turn import Turn
from workers.delivery.turns import Turns
from workers.delivery.watchdog import Doing, Watchdog

S = TypeVar("S")


class Lifecycle(Generic[S]):
    """Owns partitions and runs turns, as the group decides.

    Args:
        rules: The agent's.
        settings: The agent's.
        connection: To Kafka.
        observer: Metrics.
        hand_over: Puts a turn into the agent's hands.
        is_stopping: Whether the application is going down.
    """

    def __init__(
        self,
        rules: Rules[S],
        settings: TurnSettings,
        connection: Connection,
        observer: Observer,
        hand_over: Callable[[Turn[S]], Awaitable[None]],
        is_stopping: Callable[[], bool],
    ) -> None:
        self.watchdog = Watchdog(settings.watchdog_s)
        self._is_stopping = is_stopping
        self._owner = Owner(rules, settings, connection, observer)
        self._turns = Turns(
            settings, self._owner, hand_over, observer, self.watchdog, is_stopping
        )
        self._group_offsets = GroupOffsets(settings.group_offset_every_s)
        self._opening: asyncio.Task[None] | None = None
        """Since partitions were assigned, and until they are revoked."""
        self._resting: asyncio.Task[None] | None = None

    async def on_assigned(self, numbers: set[int], source: Source) -> None:
        """Own these partitions; heartbeats go on meanwhile, so it may take long.

        Returns early, and owns nothing new, if partitions are revoked again before.
        """
        self.watchdog.beat(Doing.RESTORING)
        opening = self._opening = asyncio.create_task(
            self._owner.own(numbers, lambda *_: self.watchdog.beat(Doing.RESTORING))
        )
        try:
            await asyncio.shield(opening)
        except asyncio.CancelledError:
            if not opening.cancelled():
                raise  # not the opening was cancelled but we are
        except BaseException as error:  # noqa: BLE001  # fail-stop: Faust would go on
            die(error)
        else:
            # Without numbers Faust has no positions to set.
            if not numbers and self._opening is opening:
                await self._turns.resume(source)

    async def on_seek(self, numbers: set[int], source: Source) -> None:
        """Set the positions and begin, if what is assigned is what is owned.

        Faust also asks for it when partitions are revoked again already: it looks only
        whether others were assigned since.
        """
        opened = self._opening is not None and not self._opening.cancelled()
        if opened and self._owner.partitions.keys() == numbers:
            await self._turns.resume(source)

    async def on_revoked(self, source: Source) -> None:
        """Come to rest before the partitions are shared out anew."""
        self.watchdog.beat(Doing.LETTING_GO)
        await self._rest(source)
        self.watchdog.beat(Doing.WAITING)

    async def on_stop(self, source: Source) -> None:
        """Come to rest for good; agents are stopped already."""
        self.watchdog.beat(Doing.STOPPING)
        self._turns.withdraw()
        await self.on_revoked(source)
        # From here on only connections are closed, ours and Faust's; of those aiokafka
        # waits for answers without end.
        self.watchdog.beat(Doing.CLOSED)
        await self._owner.stop()
        self.watchdog.beat(Doing.CLOSED)

    async def run_turn(self, source: Source) -> None:
        """Run one turn to its end; whatever is unexpected in it ends the process."""
        if self._is_stopping():
            await asyncio.sleep(0.01)
            return
        try:
            await self._turns.run(source)
            self._group_offsets.follow(source.commit_group_offsets, self._positions())
        except asyncio.CancelledError as error:
            if not self._is_stopping():
                die(error)
            raise
        except BaseException as error:  # fail-stop: Faust would go on
            if not self._is_stopping():
                die(error)
            raise

    async def _rest(self, source: Source) -> None:
        # Faust may stop in the middle of a revocation: both wait for the same rest.
        if self._resting is None or self._resting.done():
            self._resting = asyncio.create_task(self._come_to_rest(source))
        await asyncio.shield(self._resting)

    async def _come_to_rest(self, source: Source) -> None:
        try:
            if self._opening is not None and not self._opening.done():
                self._opening.cancel()
                await asyncio.wait([self._opening])
            self._opening = None
            await self._turns.pause()
            await self._owner.close()
            await self._group_offsets.finish(
                source.commit_group_offsets, self._positions()
            )
            for partition in self._owner.partitions.values():
                partition.is_newest = False
        except BaseException as error:  # noqa: BLE001  # fail-stop: Faust would go on
            die(error)

    def _positions(self) -> dict[TopicPartition, int]:
        """Return what the group may be told: positions that nobody is past."""
        return {
            TopicPartition(topic, number): offset
            for number, partition in self._owner.partitions.items()
            if partition.is_newest
            for topic, offset in partition.committed_offsets.items()
        }
