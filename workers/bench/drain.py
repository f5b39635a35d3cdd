"""How fast one process of an agent works a backlog off, on a real Kafka."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError
from msgspec import Struct

from schemas.codec import encode
from schemas.kafka_topics import SEGMENTS, Agent, full_name
from schemas.segment import CaptionSegment
from workers.app import connection, turn_settings
from workers.settings import Settings

LOOK_EVERY_S = 0.25
LIMIT_S = 300.0
WARM = 0.1
"""Of the backlog, before which nothing is measured: the start is not the speed."""


class DrainError(Exception):
    """A backlog that tells nothing: too small, or nobody worked it off."""


class Drain(Struct, frozen=True):
    """An agent's run over a backlog."""

    agent: Agent
    processes: int
    """Of the agent, side by side."""
    records: int
    seconds: float
    cpu_seconds: float
    """Of all processes."""
    backlog: int
    """Records there were; the figures above are of most of them."""

    @property
    def rate(self) -> float:
        """Records a second."""
        return self.records / self.seconds

    @property
    def cpu_s(self) -> float:
        """CPU seconds that the whole backlog takes."""
        return self.cpu_seconds / self.records * self.backlog


async def send(settings: Settings, segments: Iterable[CaptionSegment]) -> None:
    """Put a backlog on the segments' Kafka topic."""
    topic = full_name(settings.prefix, SEGMENTS)
    producer = connection(settings).producer(linger_ms=20, max_batch_size=262_144)
    await producer.start()
    try:
        for segment in segments:
            key, value = segment.stream_id.encode(), encode(segment)
            await producer.send(topic, key=key, value=value)
        await producer.flush()
    finally:
        await producer.stop()


async def drain(settings: Settings, agent: Agent, processes: int = 1) -> Drain:
    """Start an agent, wait until its backlog is gone, and end it.

    Args:
        settings: Which Kafka and which Kafka topics.
        agent: Which one.
        processes: So many of it, side by side.

    Raises:
        DrainError: It ended too soon to be measured, or not at all.
    """
    turns = turn_settings(settings, agent)
    end = await _end(settings, turns.input_topics)
    started = [_start(settings, agent) for _ in range(processes)]
    admin = connection(settings).admin()
    await admin.start()
    try:
        looks: list[tuple[float, int, float]] = []
        limit_s = time.monotonic() + LIMIT_S
        # A log that was written in transactions ends in a marker, which is no record.
        while not looks or looks[-1][1] < end - settings.partitions:
            gone = [one for one in started if one.poll() is not None]
            if gone or time.monotonic() > limit_s:
                raise DrainError(f"agent {agent} did not work its backlog off")
            done = await _decided(admin, turns.group)
            cpu_s = sum(cpu_seconds(one.pid) for one in started)
            looks.append((time.monotonic(), done, cpu_s))
            await asyncio.sleep(LOOK_EVERY_S)
    finally:
        await admin.close()
        for one in started:
            one.terminate()
        for one in started:
            one.communicate()
    first = next(look for look in looks if look[1] >= WARM * end)
    last = looks[-1]
    if first is last:
        raise DrainError(f"agent {agent} was done at once; send more segments")
    return Drain(
        agent,
        processes,
        last[1] - first[1],
        last[0] - first[0],
        last[2] - first[2],
        end,
    )


def _start(settings: Settings, agent: Agent) -> subprocess.Popen[bytes]:
    command = (sys.executable, "-m", "workers", "run", "--agent", agent)
    options = ("--broker", settings.broker, "--prefix", settings.prefix)
    return subprocess.Popen(  # noqa: S603  # our own
        [*command, *options, "--with-parent"],
        stdin=subprocess.PIPE,  # ends with us, however we end
        env={
            **os.environ,
            "CAPTION_MERGE_METRICS_PORT": "0",
            "CAPTION_TOPICS_METRICS_PORT": "0",
            "CAPTION_LOG_LEVEL": "error",
        },
    )


async def _decided(admin: AIOKafkaAdminClient, group: str) -> int:
    try:
        offsets = await admin.list_consumer_group_offsets(group)
    except GroupCoordinatorNotAvailableError:  # the first group of a new broker
        return 0
    return sum(meta.offset for meta in offsets.values())


async def _end(settings: Settings, topics: Iterable[str]) -> int:
    consumer = connection(settings).consumer()
    await consumer.start()
    try:
        places = [
            TopicPartition(topic, number)
            for topic in topics
            for number in range(settings.partitions)
        ]
        return sum((await consumer.end_offsets(places)).values())
    finally:
        await consumer.stop()


def cpu_seconds(pid: int) -> float:
    """Return what a process has taken of all cores so far."""
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
