"""What the last owner of partitions left on Kafka, read back."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection
from typing import Generic, NamedTuple, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition

from workers.delivery.clients import Connection
from workers.delivery.exits import (
    DeliveryError,
    StateUnreadableError,
    UnknownStateVersionError,
)
from workers.delivery.position import POSITION_KEY, Position, decode_position
from workers.delivery.rules import Rules

log = logging.getLogger(__name__)

S = TypeVar("S")
Progress = Callable[[int, int], None]
"""Called now and then with the records read so far, and the offsets still to read."""

_BREATHE_EVERY = 1000


class Restored(NamedTuple, Generic[S]):
    """One partition's states, and where it stands; None: nothing was ever written."""

    states: dict[bytes, S]
    position: Position | None
    sizes: dict[bytes, int]
    """Bytes of each state as it was written."""


class _Raw(NamedTuple):
    version: bytes | None
    value: bytes


async def restore(
    connection: Connection,
    rules: Rules[S],
    state_topic: str,
    partitions: Collection[int],
    progress: Progress,
) -> dict[int, Restored[S]]:
    """Read the states of *partitions*, which nobody else may write any more.

    Raises:
        UnknownStateVersionError: a state has a version the rules do not know.
        StateUnreadableError: a state is not what a worker writes.
    """
    started = time.monotonic()
    newest: dict[int, dict[bytes, _Raw]] = {number: {} for number in partitions}
    consumer = connection.consumer(
        auto_offset_reset="earliest", max_partition_fetch_bytes=4 * 1024 * 1024
    )
    await consumer.start()
    try:
        read = await _read(consumer, state_topic, newest, progress)
    finally:
        await consumer.stop()
    restored = {
        number: await _decode(rules, f"{state_topic}-{number}", raw, progress, read)
        for number, raw in newest.items()
    }
    log.info(
        "restored %d states from %d records of %d partitions in %.2f s",
        sum(len(each.states) for each in restored.values()),
        read,
        len(partitions),
        time.monotonic() - started,
    )
    return restored


async def _read(
    consumer: AIOKafkaConsumer,
    state_topic: str,
    newest: dict[int, dict[bytes, _Raw]],
    progress: Progress,
) -> int:
    """Keep the newest value of each key, up to the log's present end."""
    logs = [TopicPartition(state_topic, number) for number in newest]
    consumer.assign(logs)
    ends = await consumer.end_offsets(logs)
    starts = await consumer.beginning_offsets(logs)
    for each, start in starts.items():
        consumer.seek(each, start)
    left = {each for each in logs if ends[each] > starts[each]}
    read = 0
    while left:
        fetched = await consumer.getmany(*left, timeout_ms=200)
        for each, records in fetched.items():
            states = newest[each.partition]
            for record in records:
                if record.value is None:
                    states.pop(record.key, None)
                else:
                    version = dict(record.headers).get("state_version")
                    states[record.key] = _Raw(version, record.value)
            read += len(records)
        remaining = 0
        for each in tuple(left):
            # Not "the last record": the log ends in a transaction's marker.
            to_read = ends[each] - await consumer.position(each)
            if to_read <= 0:
                left.discard(each)
                consumer.pause(each)
            remaining += max(0, to_read)
        if fetched:
            progress(read, remaining)
    return read


async def _decode(
    rules: Rules[S],
    where: str,
    newest: dict[bytes, _Raw],
    progress: Progress,
    read: int,
) -> Restored[S]:
    raw_position = newest.pop(POSITION_KEY, None)
    position = None if raw_position is None else decode_position(raw_position.value)
    if position is None and newest:
        raise StateUnreadableError(f"{where} has states but no position")
    states: dict[bytes, S] = {}
    for count, (key, raw) in enumerate(newest.items()):
        if raw.version is None or not raw.version.isdigit():
            raise UnknownStateVersionError(
                f"{where}, key {key!r}: state_version is {raw.version!r}"
            )
        try:
            states[key] = rules.decode_state(int(raw.version), raw.value)
        except DeliveryError:
            raise
        except Exception as error:
            raise StateUnreadableError(f"{where}, key {key!r}: {error}") from error
        if count % _BREATHE_EVERY == 0:
            progress(read, 0)
            await asyncio.sleep(0)
    sizes = {key: len(raw.value) for key, raw in newest.items()}
    return Restored(states, position, sizes)
