"""Kafka to streams: all partitions, committed records only, and no group.

Without a group nothing of the view is left on Kafka, any number of processes may read
side by side, and none of them holds the agents up.
"""

import asyncio
import time
from collections.abc import Iterable
from typing import Any

import structlog
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from schemas.kafka_topics import full_name
from workers.delivery.clients import Connection
from workers.view.positions import READ
from workers.view.streams import Record, Streams

log = structlog.stdlib.get_logger(__name__)

MOST = 500
"""Records taken in before others have their turn: some milliseconds."""
WAIT_MS = 1000
LOOK_EVERY_S = 5.0
ANSWER_S = 4.0


class Reader:
    """Reads all that is written under one prefix, from some hours ago on.

    Args:
        connection: To Kafka.
        prefix: Of the Kafka topics.
        streams: Take in what is read.
        history_s: Seconds from now back to where reading begins.
    """

    def __init__(
        self, connection: Connection, prefix: str, streams: Streams, history_s: float
    ) -> None:
        self._connection = connection
        self._topics = {
            full_name(prefix, topic): place for place, topic in enumerate(READ)
        }
        self._streams = streams
        self._history_s = history_s
        self._consumer: Any = None
        self._ends: dict[TopicPartition, int] = {}
        self.ready = False
        """All that was there at the start has been read."""
        self.connected = False
        """Kafka answered when last asked."""

    async def start(self) -> None:
        """Connect, and go to where reading begins.

        Raises:
            KafkaError: Kafka cannot be reached.
        """
        consumer = self._connection.consumer(
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=1024 * 1024,
            # An idle fetch is answered so late; with news it is answered at once.
            fetch_max_wait_ms=500,
        )
        self._consumer = consumer
        # Without a group, to subscribe is to be given all partitions.
        consumer.subscribe(list(self._topics))
        await consumer.start()
        logs = sorted(consumer.assignment())
        since_ms = round((time.time() - self._history_s) * 1000)
        found = await consumer.offsets_for_times(dict.fromkeys(logs, since_ms))
        self._ends = await consumer.end_offsets(logs)
        for each in logs:
            begin = found.get(each)
            consumer.seek(each, self._ends[each] if begin is None else begin.offset)
        self.connected = True

    async def stop(self) -> None:
        """Let go of Kafka."""
        if self._consumer is not None:
            await self._consumer.stop()

    async def run(self) -> None:
        """Read for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._read())
            tasks.create_task(self._look())

    async def _read(self) -> None:
        await self._see_whether_ready()
        while True:
            fetched = await self._consumer.getmany(timeout_ms=WAIT_MS, max_records=MOST)
            for log_, records in fetched.items():
                self._take(log_, records)
            self._streams.wake()
            if not self.ready:
                await self._see_whether_ready()
            # A backlog is fetched already, and would let nobody else have a turn.
            await asyncio.sleep(0)

    def _take(self, source: TopicPartition, records: Iterable[Any]) -> None:
        topic = self._topics[source.topic]
        for record in records:
            self._streams.take(
                Record(
                    topic,
                    record.partition,
                    record.offset,
                    record.timestamp,
                    record.key,
                    record.value,
                )
            )

    async def _see_whether_ready(self) -> None:
        for each, end in tuple(self._ends.items()):
            # Not "the last record": the log ends in a transaction's marker.
            if await self._consumer.position(each) >= end:
                del self._ends[each]
        self.ready = not self._ends

    async def _look(self) -> None:
        """See whether Kafka is there: reading itself would wait for it in silence."""
        some = next(iter(self._consumer.assignment()))
        while True:
            try:
                async with asyncio.timeout(ANSWER_S):
                    await self._consumer.end_offsets([some])
                connected = True
            except (KafkaError, TimeoutError):
                connected = False
            if connected != self.connected:
                log.warning("Kafka answers again" if connected else "Kafka is gone")
            self.connected = connected
            await asyncio.sleep(LOOK_EVERY_S)
