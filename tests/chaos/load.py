"""Sends the speech at an even pace through all faults, and remembers each record."""

import asyncio
import contextlib
import time
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from tests.chaos.journal import Journal
from tests.chaos.speech import Spoken, speech
from tests.oracle.dump import Dump
from tests.oracle.watched import Sent
from workers.delivery.clients import Connection


class Load:
    """The captioning backend of a run.

    Args:
        connection: To Kafka, past the proxy.
        topic: Where segments go.
        seed: Of the speech.
        streams: How many speak.
        rate: Records a second.
        journal: Is told of errors.
    """

    def __init__(
        self,
        connection: Connection,
        topic: str,
        seed: int,
        streams: int,
        rate: int,
        journal: Journal,
    ) -> None:
        self.count = 0
        self._connection = connection
        self._topic = topic
        self._speech = speech(seed, streams)
        self._rate = rate
        self._journal = journal
        self._sent: list[Sent] = []
        self._unsure: list[Spoken] = []
        """Of these it is not known whether they are on Kafka."""
        self._waiting: set[asyncio.Task[None]] = set()
        self._stopped = False
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Send no more, and wait until what was sent is there."""
        self._stopped = True
        await self._task

    def sent(self, dump: Dump) -> list[Sent]:
        """Return all of it that is on Kafka; what was unsure is looked up there."""
        known = {(each.topic, each.partition, each.offset) for each in self._sent}
        reasons = {(one.key, one.value): one.reason for one in self._unsure}
        found = [
            Sent(
                log.topic,
                log.partition,
                entry.offset,
                entry.key,
                entry.value,
                reasons[entry.key, entry.value],
            )
            for log in dump.logs[self._topic]
            for entry in log.entries
            if (log.topic, log.partition, entry.offset) not in known
        ]
        return self._sent + found

    async def _run(self) -> None:
        producer = await self._producer()
        began, self.count = time.monotonic(), 0
        while not self._stopped:
            while self.count < (time.monotonic() - began) * self._rate:
                spoken = next(self._speech)
                self.count += 1
                try:
                    future = await producer.send(
                        self._topic,
                        spoken.value,
                        key=spoken.key,
                        timestamp_ms=spoken.timestamp_ms,
                    )
                except KafkaError as error:
                    self._journal.write("load", error=repr(error))
                    self._unsure.append(spoken)
                    await self._close(producer)
                    producer = await self._producer()
                    continue
                task = asyncio.create_task(self._remember(spoken, future))
                self._waiting.add(task)
                task.add_done_callback(self._waiting.discard)
            await asyncio.sleep(0.01)
        if self._waiting:
            await asyncio.wait(self._waiting, timeout=60)
        await self._close(producer)
        await asyncio.gather(*self._waiting)

    async def _remember(self, spoken: Spoken, future: Any) -> None:
        try:
            meta = await future
        except KafkaError:
            self._unsure.append(spoken)
            return
        place = meta.topic, meta.partition, meta.offset
        self._sent.append(Sent(*place, spoken.key, spoken.value, spoken.reason))

    async def _producer(self) -> AIOKafkaProducer:
        while True:
            producer = self._connection.producer(linger_ms=2, enable_idempotence=True)
            try:
                await producer.start()
            except KafkaError:
                await self._close(producer)
                await asyncio.sleep(1)
            else:
                return producer

    async def _close(self, producer: AIOKafkaProducer) -> None:
        with contextlib.suppress(KafkaError, TimeoutError):
            async with asyncio.timeout(60):
                await producer.stop()
