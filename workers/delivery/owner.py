"""Which partitions this process owns: how it comes by them and how it lets them go.

To own a partition is to be its writer. The order is what keeps two owners apart: first
become the writer, which fences the one before; then read what it committed, which now
is final; then compare that with the log; only then work.
"""

import asyncio
import logging
import time
from collections.abc import Collection, Iterable, Mapping
from typing import ClassVar, Final, Generic, TypeVar

from aiokafka import TopicPartition

from workers.delivery.clients import Connection
from workers.delivery.exits import DeliveryError, Exit, PositionError, patience
from workers.delivery.kafka_topics import partition_counts
from workers.delivery.observer import Observer
from workers.delivery.partition import Partition
from workers.delivery.restore import Progress, restore
from workers.delivery.rules import Rules
from workers.delivery.settings import TurnSettings
from workers.delivery.unended import unended

log = logging.getLogger(__name__)

S = TypeVar("S")

_LET_GO_S: Final = 10.0


class StatePartitionsError(DeliveryError):
    """Inputs have partitions that the state topic has not: some were added to them."""

    exit: ClassVar[Exit] = Exit.TOPICS


class UnendedError(DeliveryError):
    """A transaction stays open in the state topic, though ours was aborted."""

    exit: ClassVar[Exit] = Exit.KAFKA_GONE


class Owner(Generic[S]):
    """The owned partitions, by number.

    Args:
        rules: The agent's.
        settings: The agent's.
        connection: To Kafka.
        observer: Is told of restores and of partitions let go.
    """

    def __init__(
        self,
        rules: Rules[S],
        settings: TurnSettings,
        connection: Connection,
        observer: Observer,
    ) -> None:
        self.partitions: dict[int, Partition[S]] = {}
        self._rules = rules
        self._settings = settings
        self._connection = connection
        self._observer = observer

    async def own(self, numbers: Iterable[int], progress: Progress) -> None:
        """Own these partitions and no others.

        A partition that stays keeps its memory: had anybody else written meanwhile, our
        writer would be fenced and the next commit would end this process.

        Raises:
            KafkaGoneError: it does not answer.
            PositionError: state, group and log do not fit together.
            StatePartitionsError: some of these have no place for their state.
            UnknownStateVersionError: see `restore`; `StateUnreadableError` too.
        """
        numbers = set(numbers)
        async with patience(self._settings.patience_s) as renew:

            def moved(records: int, remaining: int) -> None:
                renew()
                progress(records, remaining)

            await self._stop(each for each in self.partitions if each not in numbers)
            await self._own(sorted(numbers - self.partitions.keys()), moved)

    async def _own(self, numbers: Collection[int], progress: Progress) -> None:
        if not numbers:
            return
        new = {
            number: Partition(number, self._rules, self._settings, self._connection)
            for number in numbers
        }
        try:
            started = time.monotonic()
            await asyncio.gather(*(partition.start() for partition in new.values()))
            progress(0, 0)
            records = await self._load(new, progress)
        except BaseException:
            # Whoever cancels us wants other partitions: these must not stay half owned.
            async with patience(_LET_GO_S):
                await asyncio.gather(*(partition.stop() for partition in new.values()))
            raise
        finally:
            self._observer.on_restoring(0)
        self.partitions.update(new)
        self._observer.on_restore(len(new), records, time.monotonic() - started)

    async def close(self) -> None:
        """Write to all partitions that nobody is at work; they are still owned."""
        await asyncio.gather(*(each.close() for each in self.partitions.values()))

    async def stop(self) -> None:
        """Own nothing any more."""
        await self._stop(tuple(self.partitions))

    async def _stop(self, numbers: Iterable[int]) -> None:
        lost = [self.partitions.pop(number) for number in tuple(numbers)]
        for partition in lost:
            self._observer.on_closed(partition.number)
        # Whoever cancels us meanwhile is not to leave connections half closed.
        stopping = asyncio.gather(*(partition.stop() for partition in lost))
        await asyncio.shield(stopping)

    async def _load(self, new: dict[int, Partition[S]], progress: Progress) -> int:
        read = 0

        def count(records: int, remaining: int) -> None:
            nonlocal read
            read = records
            self._observer.on_restoring(remaining)
            progress(records, remaining)

        state_topic = self._settings.state_topic
        await self._check_state(state_topic, new.keys())
        await self._abort_unended(new)
        progress(0, 0)
        restored = await restore(
            self._connection, self._rules, state_topic, new.keys(), count
        )
        bounds = await self._bounds(new)
        for number, partition in new.items():
            mine = {
                each.topic: bound
                for each, bound in bounds.items()
                if each.partition == number
            }
            starts = {topic: bound.start for topic, bound in mine.items()}
            partition.load(*restored[number], starts)
            for topic, bound in mine.items():
                bound.check(partition.committed_offsets.get(topic))
        return read

    async def _abort_unended(self, new: Mapping[int, Partition[S]]) -> None:
        """Abort what Kafka never ended; what it began to commit, nobody has seen.

        Raises:
            UnendedError: something stays open.
        """
        state_topic = self._settings.state_topic
        logs = {TopicPartition(state_topic, number) for number in new}
        hanging = await unended(self._connection, logs)
        if not hanging:
            return
        names = ", ".join(f"{each.topic}-{each.partition}" for each in sorted(hanging))
        log.warning("Kafka never ended a transaction in %s: aborting it", names)
        await asyncio.gather(*(new[each.partition].abort_unended() for each in hanging))
        if await unended(self._connection, hanging):
            raise UnendedError(
                f"a transaction in {names} is not ended: Kafka has not come to it, or "
                "somebody else writes there; `kafka-transactions.sh find-hanging` tells"
            )

    async def _check_state(self, topic: str, numbers: Collection[int]) -> None:
        """Insist that each partition has a place for its state.

        Raises:
            StatePartitionsError: one has none; a restore would wait for it.
        """
        admin = self._connection.admin()
        await admin.start()
        try:
            count = (await partition_counts(admin)).get(topic, 0)
        finally:
            await admin.close()
        missing = sorted(number for number in numbers if number >= count)
        if missing:
            raise StatePartitionsError(
                f"{topic} has no partition {', '.join(map(str, missing))}: partitions "
                "were added to the inputs, so streams change theirs and leave their "
                "state behind"
            )

    async def _bounds(
        self, numbers: Collection[int]
    ) -> dict[TopicPartition, "_Bounds"]:
        """Ask Kafka for what the positions have to fit."""
        logs = [
            TopicPartition(topic, number)
            for topic in self._settings.input_topics
            for number in numbers
        ]
        consumer = self._connection.consumer()
        admin = self._connection.admin()
        await asyncio.gather(consumer.start(), admin.start())
        try:
            starts = await consumer.beginning_offsets(logs)
            ends = await consumer.end_offsets(logs)
            group = await admin.list_consumer_group_offsets(self._settings.group)
        finally:
            await asyncio.gather(consumer.stop(), admin.close())
        return {
            each: _Bounds(
                f"{each.topic}-{each.partition}",
                starts[each],
                ends[each],
                group[each].offset if each in group else -1,
            )
            for each in logs
        }


class _Bounds:
    """What the log and the group say of one partition of one input."""

    def __init__(self, where: str, start: int, end: int, group_offset: int) -> None:
        self.where = where
        self.start = start
        self.end = end
        self.group_offset = group_offset

    def check(self, position: int | None) -> None:
        """Compare with the position in the state topic; None if there is none.

        Raises:
            PositionError: it is before the log, behind it, or the group is ahead of it.
        """
        if self.group_offset > (0 if position is None else position):
            raise PositionError(
                f"{self.where}: the group is at {self.group_offset}, the state at "
                f"{'no position' if position is None else position}: state was lost"
            )
        if position is None:
            return
        if self.start > position:
            raise PositionError(
                f"{self.where}: records {position} to {self.start - 1} were deleted "
                "before they were read"
            )
        if position > self.end:
            raise PositionError(
                f"{self.where}: the log ends at {self.end}, the position is {position}:"
                " the Kafka topic was made anew or lost its end"
            )
