"""The side of who measures: Kafka topics, what goes in, what comes out."""

import asyncio
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Self

import orjson
from aiokafka import AIOKafkaProducer, TopicPartition

from tests.bench.peers.processes import Process
from tests.bench.peers.segments import Sent
from workers.delivery.clients import Connection
from workers.delivery.kafka_topics import WantedTopic, create_topics

PARTITIONS = 4


_START_S = 40.0
"""A peer has so long to say something."""


class Names(NamedTuple):
    """The Kafka topics and the group of one measurement; no other has them."""

    group: str
    input: str

    @property
    def output(self) -> str:
        return f"{self.group}.out"

    @property
    def state(self) -> str:
        return f"{self.group}.state"

    @property
    def env(self) -> dict[str, str]:
        """As variables for a peer."""
        return {
            "GROUP": self.group,
            "IN": self.input,
            "OUT": self.output,
            "STATE": self.state,
        }


async def create(connection: Connection, name: str, backlog: str | None) -> Names:
    """Make the Kafka topics of a measurement.

    Args:
        connection: To Kafka.
        name: The peer's.
        backlog: A Kafka topic to read that is there already; None is a new one.
    """
    group = f"peer-{name}-{uuid.uuid4().hex[:8]}"
    names = Names(group, backlog or f"{group}.in")
    plain = [names.output, f"{names.output}.rejected"]
    if backlog is None:
        plain.append(names.input)
    wanted = [WantedTopic(name=each, partitions=PARTITIONS) for each in plain]
    wanted.append(WantedTopic(name=names.state, partitions=PARTITIONS, compacted=True))
    await create_topics(connection, wanted)
    return names


async def fill(connection: Connection, topic: str, sent: Iterable[Sent]) -> None:
    """Put a backlog on a new Kafka topic."""
    await create_topics(connection, [WantedTopic(name=topic, partitions=PARTITIONS)])
    producer = connection.producer(linger_ms=20)
    await producer.start()
    try:
        for one in sent:
            await producer.send(topic, key=one.key, value=one.value)
    finally:
        await producer.stop()


class Feed:
    """Sends segments at a steady rate, each at its time.

    Args:
        producer: Started.
        topic: Where to.
        sent: What.
    """

    def __init__(
        self, producer: AIOKafkaProducer, topic: str, sent: Iterable[Sent]
    ) -> None:
        self._producer = producer
        self._topic = topic
        self._sent = iter(sent)
        self.captions: dict[str, dict[str, Any]] = {}
        """What has to come out for what went in."""
        self.sent_s: dict[str, float] = {}
        """When its final was sent, by caption."""
        self.count = 0

    async def run(self, rate: float, seconds: float) -> None:
        """Send so many a second for so long; what the loop holds up is made up for."""
        began_s = time.monotonic()
        done = 0
        while (elapsed_s := time.monotonic() - began_s) < seconds:
            while done < elapsed_s * rate:
                await self._send(next(self._sent))
                done += 1
            await asyncio.sleep(0.004)

    async def until_first(
        self, outputs: "Outputs", process: Process, rate: float
    ) -> str | None:
        """Send until a peer has said something; return its log if it never does."""
        limit_s = time.monotonic() + _START_S
        while not outputs.values and time.monotonic() < limit_s and process.alive:
            await self.run(rate, 0.1)
        if outputs.values:
            return None
        return process.log.read_text(errors="replace")[-2000:]

    async def _send(self, one: Sent) -> None:
        if one.caption is not None:
            name = one.caption["caption_id"]
            self.captions[name] = one.caption
            self.sent_s[name] = time.time()
        await self._producer.send(self._topic, key=one.key, value=one.value)
        self.count += 1


class Judgement(NamedTuple):
    """What became of the captions that had to come."""

    lost: int
    doubled: int
    wrong: int


class Outputs:
    """Reads what a peer writes, committed records only, as they come."""

    def __init__(self, connection: Connection, topic: str) -> None:
        self._consumer = connection.consumer(fetch_max_wait_ms=100)
        self._logs = [TopicPartition(topic, number) for number in range(PARTITIONS)]
        self._task: asyncio.Task[None] | None = None
        self.values: list[bytes] = []
        self.times_s: list[float] = []

    async def __aenter__(self) -> Self:
        await self._consumer.start()
        self._consumer.assign(self._logs)
        await self._consumer.seek_to_beginning()
        self._task = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.wait([self._task])
        await self._consumer.stop()

    async def _read(self) -> None:
        while True:
            fetched = await self._consumer.getmany(timeout_ms=1000)
            now_s = time.time()
            for records in fetched.values():
                self.values += [each.value for each in records if each.value]
            self.times_s += [now_s] * (len(self.values) - len(self.times_s))

    def first_s(self) -> dict[str, float]:
        """Return when each caption came first."""
        first: dict[str, float] = {}
        for value, at_s in zip(self.values, self.times_s, strict=False):
            first.setdefault(orjson.loads(value)["caption_id"], at_s)
        return first

    def judge(self, captions: Mapping[str, dict[str, Any]]) -> Judgement:
        """Compare what came with what had to come."""
        seen: Counter[str] = Counter()
        wrong = 0
        for value in self.values:
            caption = orjson.loads(value)
            if captions.get(caption["caption_id"]) == caption:
                seen[caption["caption_id"]] += 1
            else:
                wrong += 1
        return Judgement(len(captions) - len(seen), seen.total() - len(seen), wrong)
