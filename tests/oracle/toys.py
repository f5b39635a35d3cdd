"""The toy worker of `tests.delivery` as the oracle sees it, and what is said to it."""

import asyncio
import random
from collections.abc import Iterator
from typing import Any

from tests.delivery.kafka_runs import Cluster
from tests.delivery.toy import INPUTS
from tests.oracle.dump import Dump, Entry, take
from tests.oracle.watched import Rejected, Sent, Watched

REASONS = {b"poison": "failed", b"refuse": "unwanted", b"big": "output_too_large"}
KINDS = (b"say",) * 20 + (b"ignore", b"stay", *REASONS)


def toy(cluster: Cluster) -> Watched:
    """Return what is to be known of the toy worker on these Kafka topics."""
    prefix = cluster.prefix
    return Watched(
        rules=cluster.rules,
        group=f"{prefix}-toy",
        inputs=tuple(f"{prefix}.{name}" for name in INPUTS),
        outputs=(f"{prefix}.out", f"{prefix}.rejected"),
        state=f"{prefix}.state",
        rejected=f"{prefix}.rejected",
        marks=_marks,
    )


def _marks(entry: Entry) -> Rejected:
    marks = dict(entry.headers)
    return Rejected(
        marks["topic"].decode(), int(marks["offset"]), marks["reason"].decode()
    )


async def dump_of(cluster: Cluster) -> Dump:
    """Read all that the toy worker has read and written."""
    watched = toy(cluster)
    return await take(cluster.connection, watched.topics, [watched.group])


async def speak(cluster: Cluster, count: int, seed: int, rate: int) -> list[Sent]:
    """Send so many records of all kinds, so many a second; return them."""
    producer = cluster.connection.producer(linger_ms=2, enable_idempotence=True)
    await producer.start()
    try:
        sent = []
        for at, (name, row, reason) in enumerate(_said(count, seed)):
            topic = f"{cluster.prefix}.{name}"
            sent.append((await producer.send(topic, **row), row, reason))
            if at % 20 == 19:
                await asyncio.sleep(20 / rate)
        return [
            Sent(*_place(await done), row["key"], row["value"], reason)
            for done, row, reason in sent
        ]
    finally:
        await producer.stop()


def _place(meta: Any) -> tuple[str, int, int]:
    return meta.topic, meta.partition, meta.offset


def _said(count: int, seed: int) -> Iterator[tuple[str, dict[str, Any], str | None]]:
    dice = random.Random(seed)
    for at in range(count):
        key = None if dice.random() < 0.05 else b"k%d" % dice.randrange(40)
        kind = b"say" if key is None else dice.choice(KINDS)
        skipped = dice.random() < 0.1
        row = {
            "key": key,
            "value": b"%s %d" % (kind, at),
            "headers": [("skip", b"1")] if skipped else [],
        }
        name = INPUTS[dice.random() < 0.1]
        yield name, row, None if skipped else REASONS.get(kind)
