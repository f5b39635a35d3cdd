"""What the worker writes just now, and how far behind it is, from Kafka."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from schemas.codec import EVENT, BadMessageError
from schemas.fields import Message
from schemas.kafka_topics import (
    AGENTS,
    CAPTIONS,
    METRICS,
    REJECTED,
    TOPICS,
    full_name,
)
from workers.app import connection, needed
from workers.cli.groups import group_offsets
from workers.cli.sending import let_go
from workers.settings import Settings

READ: Final = (CAPTIONS, TOPICS, METRICS, REJECTED)
BACK: Final = 300
"""Records of a partition that are read first, so that the picture is not empty."""
WAIT_MS: Final = 125
LAG_EVERY_S: Final = 2.0

Take = Callable[[Message | None], None]
"""Takes an event; None for a record that the worker could not use."""
Forget = Callable[[str], None]
"""Takes the name of a stream that nobody may keep anything of."""


async def follow(
    settings: Settings, take: Take, forget: Forget, *, back: int = BACK
) -> AsyncIterator[None]:
    """Read on and on; yields after each look, whether there was something or not.

    Args:
        settings: Where Kafka is, and the prefix.
        take: Is given each event.
        forget: Is told of each stream that has to be forgotten.
        back: So many records of each partition before now.

    Raises:
        KafkaError: Kafka cannot be reached.
    """
    consumer = connection(settings).consumer()
    names = [full_name(settings.prefix, topic) for topic in READ]
    rejected = full_name(settings.prefix, REJECTED)
    await consumer.start()
    try:
        await _begin(consumer, await _logs(settings, names), back)
        while True:
            for log, records in (await consumer.getmany(timeout_ms=WAIT_MS)).items():
                for record in records:
                    if log.topic == rejected:
                        take(None)
                    elif record.value is None and record.key is not None:
                        forget(record.key.decode(errors="replace"))
                    else:
                        take(_event(record))
            yield
    finally:
        await let_go(consumer.stop())


async def lags(settings: Settings) -> dict[str, int | None]:
    """Return how many records each agent's group is behind; None if it never was."""
    link = connection(settings)
    admin, consumer = link.admin(), link.consumer()
    await asyncio.gather(admin.start(), consumer.start())
    try:
        found: dict[str, int | None] = {}
        for agent in AGENTS:
            inputs = {
                full_name(settings.prefix, topic) for topic in needed(agent).inputs
            }
            group = await group_offsets(admin, f"{settings.prefix}-{agent}")
            offsets = {
                log: meta.offset
                for log, meta in group.items()
                if log.topic in inputs and meta.offset >= 0
            }
            ends = await consumer.end_offsets(list(offsets))
            behind = sum(max(0, ends[log] - offset) for log, offset in offsets.items())
            found[agent] = behind if offsets else None
        return found
    finally:
        await asyncio.gather(let_go(admin.close()), let_go(consumer.stop()))


async def keep_lags(settings: Settings, told: dict[str, int | None]) -> None:
    """Keep *told* up to date, until cancelled."""
    while True:
        began_s = time.monotonic()
        try:
            told.update(await lags(settings))
        except (KafkaError, OSError):
            told.update(dict.fromkeys(told))  # not known; whoever reads will tell more
        await asyncio.sleep(max(0.1, LAG_EVERY_S - (time.monotonic() - began_s)))


async def _logs(settings: Settings, names: list[str]) -> list[TopicPartition]:
    admin = connection(settings).admin()
    await admin.start()
    try:
        # Of all: one that is missing would be created by the asking.
        described: list[dict[str, Any]] = await admin.describe_topics()
    finally:
        await admin.close()
    return [
        TopicPartition(topic["topic"], one["partition"])
        for topic in described
        if topic["topic"] in names
        for one in topic["partitions"]
    ]


async def _begin(
    consumer: AIOKafkaConsumer, logs: list[TopicPartition], back: int
) -> None:
    consumer.assign(logs)
    starts = await consumer.beginning_offsets(logs)
    ends = await consumer.end_offsets(logs)
    for log in logs:
        consumer.seek(log, max(starts[log], ends[log] - back))


def _event(record: Any) -> Message | None:
    try:
        return EVENT.decode(record.key, record.value)
    except BadMessageError:
        return None  # somebody else writes here too
