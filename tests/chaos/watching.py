"""Who watches a run: a reader of outputs, and one who asks where the group is."""

import asyncio
import contextlib
import time
from collections.abc import Iterable

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from tests.oracle.evidence import Place
from workers.delivery.clients import Connection

_ASK_S = 3.0


class Watching:
    """Reads as a client of the captions reads, and remembers when what came.

    Args:
        connection: To Kafka, past the proxy.
        topics: Outputs, named in full.
        groups: Of the agents.
        partitions: Of each Kafka topic.
    """

    def __init__(
        self,
        connection: Connection,
        topics: Iterable[str],
        groups: Iterable[str],
        partitions: int,
    ) -> None:
        self._connection = connection
        self._places = [
            TopicPartition(topic, number)
            for topic in topics
            for number in range(partitions)
        ]
        self._groups = tuple(groups)
        self.read: dict[Place, list[int]] = {}
        self.told: dict[str, dict[Place, list[int]]] = {
            group: {} for group in self._groups
        }
        self.arrivals: dict[Place, list[float]] = {}
        """When something came, by the clock that all processes here share."""
        self._tasks = [
            asyncio.create_task(self._reading()),
            asyncio.create_task(self._asking()),
        ]

    async def stop(self) -> None:
        """Look no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def first_after(
        self, at: float, topics: Iterable[str], number: int
    ) -> float | None:
        """Return when the first record after a moment came, of a partition number."""
        topics = set(topics)
        times = [
            next((each for each in arrivals if each > at), None)
            for (topic, partition), arrivals in self.arrivals.items()
            if partition == number and topic in topics
        ]
        return min((each for each in times if each is not None), default=None)

    async def _reading(self) -> None:
        consumer = self._connection.consumer(
            auto_offset_reset="earliest", fetch_max_wait_ms=100
        )
        await consumer.start()
        try:
            consumer.assign(self._places)
            while True:
                for place, records in (await consumer.getmany(timeout_ms=200)).items():
                    key = place.topic, place.partition
                    self.read.setdefault(key, []).extend(
                        record.offset for record in records
                    )
                    self.arrivals.setdefault(key, []).append(time.monotonic())
        finally:
            await consumer.stop()

    async def _asking(self) -> None:
        while True:
            with contextlib.suppress(KafkaError, TimeoutError, OSError):
                await self._ask()
            await asyncio.sleep(_ASK_S)

    async def _ask(self) -> None:
        admin = self._connection.admin(request_timeout_ms=5000)
        await admin.start()
        try:
            for group in self._groups:
                offsets = await admin.list_consumer_group_offsets(group)
                for place, meta in offsets.items():
                    key = place.topic, place.partition
                    self.told[group].setdefault(key, []).append(meta.offset)
        finally:
            await admin.close()
