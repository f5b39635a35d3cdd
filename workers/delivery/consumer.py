"""Faust's consumer, which now makes turns where it made queues, acks and commits.

Faust keeps membership, assignment and the order of starting and stopping. What is
overridden here, and why, is in notes of the source it was looked up in: faust 0.15.3,
transport/consumer.py, transport/drivers/aiokafka.py and tables/recovery.py.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from aiokafka import AIOKafkaConsumer, OffsetAndMetadata, TopicPartition
from aiokafka.consumer.fetcher import OffsetResetStrategy
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import (
    CommitFailedError,
    IllegalStateError,
    OffsetOutOfRangeError,
)
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer, Transport

from workers.delivery.exits import DeliveryError, Exit, PositionError, die
from workers.delivery.records import Record
from workers.delivery.source import Fetched

if TYPE_CHECKING:
    from workers.delivery.app import TurnApp


_POSITION_S: Final = 5.0
"""Faust's thread does two things at a time: what waits there holds up all the rest."""


class TornPartitionsError(DeliveryError):
    """The inputs have not as many partitions, or members of the group read others."""

    exit: ClassVar[Exit] = Exit.TOPICS

    def __init__(self, assigned: Iterable[TopicPartition]) -> None:
        names = sorted(f"{each.topic}-{each.partition}" for each in assigned)
        super().__init__(
            f"a partition number is not assigned in all inputs: {', '.join(names)}"
        )


class TurnThread(AIOKafkaConsumerThread):
    """The thread in which aiokafka's consumer fetches and sends heartbeats."""

    def _create_worker_consumer(self, transport: Transport) -> AIOKafkaConsumer:  # noqa: ARG002  # Faust's signature
        # Faust's own reads uncommitted records and lets Kafka keep a fetch for 1.5 s.
        app = cast("TurnApp[Any]", self.app)
        settings = app.settings
        self._most_of_one = settings.max_records
        # It shares out each Kafka topic by itself and all in the same way: where their
        # numbers of partitions are equal, one member has a number in all of them.
        # Round robin deals out all partitions of all Kafka topics in one row, and
        # Faust's own assignor needs Tables.
        self._assignor = RangePartitionAssignor
        return app.connection.consumer(
            group_id=settings.group,
            group_instance_id=settings.instance_id,
            partition_assignment_strategy=[self._assignor],
            auto_offset_reset="earliest",
            max_poll_records=settings.max_records,
            # Who owns nothing fetches nothing, and a restore may take long; neither is
            # a reason to leave the group. What hangs, our own watchdog ends.
            max_poll_interval_ms=2**31 - 1,
            fetch_max_wait_ms=settings.fetch_wait_ms,
            metadata_max_age_ms=int(1000 * settings.metadata_age_s),
            request_timeout_ms=int(1000 * app.conf.broker_request_timeout),
            session_timeout_ms=int(1000 * settings.session_timeout_s),
            heartbeat_interval_ms=int(1000 * settings.session_timeout_s / 4),
            rebalance_timeout_ms=int(1000 * settings.rebalance_timeout_s),
        )

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Let aiokafka set positions by itself again, until ours are known."""
        self._reset_strategy(OffsetResetStrategy.EARLIEST)
        await super().on_partitions_revoked(revoked)

    async def seek_strictly(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Set positions; from now on one that is not in the log is an error."""
        consumer = self._ensure_consumer()
        for partition, offset in offsets.items():
            consumer.seek(partition, offset)
        await asyncio.gather(*(consumer.position(each) for each in offsets))
        self._reset_strategy(OffsetResetStrategy.NONE)

    async def fetch(
        self, logs: list[TopicPartition], wait_ms: int, max_records: int
    ) -> dict[TopicPartition, Fetched]:
        """Fetch from these logs, nothing if they are not ours any more.

        Raises:
            PositionError: the log was cut off before what is to be read next.
        """
        consumer = self._ensure_consumer()
        try:
            # While partitions are shared out anew there is no position, and aiokafka
            # waits for one without end, though it may be us that holds that up.
            async with asyncio.timeout(_POSITION_S):
                firsts = {each: await consumer.position(each) for each in logs}
            records = await _share(consumer, logs, max_records)
            if logs and wait_ms and not records:
                records = await consumer.getmany(
                    *logs,
                    timeout_ms=wait_ms,
                    # It may all be of one partition, of which a turn takes no more.
                    max_records=self._most_of_one,
                )
            # All of it is as of now, unless a position has to be waited for.
            async with asyncio.timeout(_POSITION_S):
                nexts = {each: await consumer.position(each) for each in logs}
            if not consumer.assignment().issuperset(logs):
                return {}  # the same, while another's position was waited for
            return {
                each: Fetched(
                    records.get(each, []),
                    firsts[each],
                    nexts[each],
                    consumer.last_stable_offset(each),
                    consumer.last_poll_timestamp(each),
                )
                for each in logs
            }
        except (IllegalStateError, TimeoutError):
            return {}  # shared out anew meanwhile; whoever asked will see that too
        except OffsetOutOfRangeError as error:
            raise await _lost(consumer, error.args[0]) from error

    async def commit_for_group(
        self, offsets: Mapping[TopicPartition, int], until: float
    ) -> None:
        """Commit the group's offsets, by one request as the member that we are now.

        aiokafka's own way asks again and again, at last as a member of a later time:
        then others may have been further. And who is no member any more would commit
        as one who needs no group, which Kafka lets do anything once a group is empty.

        Raises:
            TimeoutError: the group's coordinator does not answer, or it is too late.
            CommitFailedError: we are no member any more.
        """
        if not offsets:  # Kafka would be asked for nothing
            return
        left_s = until - time.monotonic()
        if left_s <= 0:  # it has waited for its turn in this thread
            raise TimeoutError("too late to tell the group's offset")
        async with asyncio.timeout(left_s):
            consumer = self._ensure_consumer()
            coordinator = consumer._coordinator  # noqa: SLF001  # see above
            member = coordinator.generation, coordinator.member_id
            await coordinator.ensure_coordinator_known()
            is_now = coordinator.generation, coordinator.member_id
            ours = offsets.keys() <= consumer.assignment()
            if not ours or is_now != member or coordinator.generation < 0:
                raise CommitFailedError("no member of the group as before")
            told = {log: OffsetAndMetadata(next_, "") for log, next_ in offsets.items()}
            await coordinator._do_commit_offsets(None, told)  # noqa: SLF001

    def _reset_strategy(self, strategy: int) -> None:
        # aiokafka has no setting that changes: without any strategy it refuses the
        # first assignment, with one it jumps over deleted records in silence.
        self._ensure_consumer()._fetcher._default_reset_strategy = strategy  # noqa: SLF001


class TurnConsumer(Consumer):
    """Faust's consumer as a source of turns."""

    app: "TurnApp[Any]"
    _thread: TurnThread
    _turn: asyncio.Future[None] | None = None

    def _new_consumer_thread(self) -> TurnThread:
        return TurnThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[Any]:  # noqa: ARG002, ASYNC109  # Faust's signature
        """Run a turn; Faust calls this again and again, and gets no message."""
        # A turn ends also when Faust cancels its fetcher: no transaction is torn. And
        # should Faust start another fetcher, there is still one turn at a time.
        if self._turn is None or self._turn.done():
            self._turn = asyncio.ensure_future(self.app.lifecycle.run_turn(self))
        await asyncio.shield(self._turn)
        return
        yield

    async def perform_seek(self) -> None:
        """Set our positions where Faust would set the group's."""
        await self.app.lifecycle.on_seek(self.numbers(), self)

    async def on_partitions_revoked(self, revoked: set[Any]) -> None:
        """Come to rest, then let Faust do its part."""
        await self.app.lifecycle.on_revoked(self)
        await super().on_partitions_revoked(revoked)

    async def on_stop(self) -> None:
        """Come to rest for good while the connections are still there."""
        await self.app.lifecycle.on_stop(self)
        await super().on_stop()

    async def _commit(self, offsets: Mapping[Any, int]) -> bool:  # noqa: ARG002  # Faust's signature
        return True  # a position is committed with its turn

    def verify_event_path(self, now: float, tp: Any) -> None:
        """Say nothing: Faust knows no turns and would call us slow."""

    async def fetch(
        self, logs: Iterable[TopicPartition], max_records: int, *, wait: bool
    ) -> Mapping[TopicPartition, Fetched]:
        """Return what there is of these logs, or nothing if they are not ours any more.

        Args:
            logs: Partitions of the inputs.
            max_records: So many at most of one input.
            wait: If there is nothing, for a while.
        """
        wait_ms = self.app.settings.fetch_wait_ms if wait else 0
        fetched: dict[TopicPartition, Fetched] = await self._thread.call_thread(
            self._thread.fetch, list(logs), wait_ms, max_records
        )
        return fetched

    async def set_positions(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Set the next offset of these logs."""
        await self._thread.call_thread(self._thread.seek_strictly, offsets)

    async def commit_group_offsets(
        self, offsets: Mapping[TopicPartition, int], until: float
    ) -> None:
        """Tell the group where we are."""
        await self._thread.call_thread(self._thread.commit_for_group, offsets, until)

    def numbers(self) -> set[int]:
        """Return the numbers of the assigned partitions; ends the process if torn.

        A number that is ours in one input and not in another cannot be decided.
        """
        topics = self.app.settings.input_topics
        assigned = self.assignment()
        numbers = {each.partition for each in assigned}
        if len(assigned) != len(numbers) * len(topics):
            die(TornPartitionsError(assigned))
        return numbers


async def _lost(
    consumer: AIOKafkaConsumer, wanted: Mapping[TopicPartition, int]
) -> PositionError:
    """Tell exactly which records are gone, of those to be read next."""
    starts = await consumer.beginning_offsets(list(wanted))
    return PositionError(
        "; ".join(
            f"{log.topic}-{log.partition}: records {offset} to {starts[log] - 1} "
            "were deleted before they were read"
            if offset < starts[log]
            else f"{log.topic}-{log.partition}: the log lost its end, offset {offset}"
            for log, offset in wanted.items()
        )
    )


async def _share(
    consumer: AIOKafkaConsumer, logs: list[TopicPartition], max_records: int
) -> dict[TopicPartition, list[Record]]:
    """Return what is there already, as much of one partition number as of another.

    Left to itself aiokafka empties one partition's megabyte before it turns to the
    next, and captions in the next would wait for it.
    """
    share = max(1, max_records // len({each.partition for each in logs} or (0,)))
    records: dict[TopicPartition, list[Record]] = {}
    for each in logs:
        records |= await consumer.getmany(each, max_records=share)
    return records
