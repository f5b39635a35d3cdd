"""What the last owner of partitions left on Kafka, read back."""

import asyncio
import gc
import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, Generic, NamedTuple, TypeVar

from aiokafka import TopicPartition

from workers.delivery.clients import Connection
from workers.delivery.exits import (
    DeliveryError,
    StateUnreadableError,
    UnknownStateVersionError,
)
from workers.delivery.position import POSITION_KEY, Position, decode_position
from workers.delivery.records import Headers
from workers.delivery.rules import Rules

log = logging.getLogger(__name__)

S = TypeVar("S")
Progress = Callable[[int, int], None]
"""Called now and then with the records read so far, and the offsets still to read."""

_BREATHE_EVERY: Final = 1000
_READERS: Final = 2
"""While one waits for Kafka, the other takes apart what it has got."""
_FETCH_BYTES: Final = 4 * 1024 * 1024
"""Of one partition."""


class Restored(NamedTuple, Generic[S]):
    """One partition's states, and where it stands; None: nothing was ever written."""

    states: dict[bytes, S]
    position: Position | None
    sizes: dict[bytes, int]
    """Bytes of each state as it was written."""


_Raw = tuple[Headers, bytes]
"""Headers and value of a record."""


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
    with _no_collections():
        read = await _read_all(connection, state_topic, newest, progress)
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


async def _read_all(
    connection: Connection,
    state_topic: str,
    newest: dict[int, dict[bytes, _Raw]],
    progress: Progress,
) -> int:
    """Keep the newest value of each key, up to the logs' present ends."""
    told: list[tuple[int, int]] = [(0, 0)] * _READERS

    def tell(reader: int, read: int, remaining: int) -> None:
        told[reader] = (read, remaining)
        progress(*map(sum, zip(*told, strict=True)))

    numbers = sorted(newest)
    shares = [numbers[reader::_READERS] for reader in range(_READERS)]
    await asyncio.gather(
        *(
            _read(
                connection,
                state_topic,
                {number: newest[number] for number in share},
                partial(tell, reader),
            )
            for reader, share in enumerate(shares)
            if share
        )
    )
    return sum(read for read, _ in told)


async def _read(
    connection: Connection,
    state_topic: str,
    newest: dict[int, dict[bytes, _Raw]],
    progress: Progress,
) -> None:
    """Do one reader's share."""
    consumer = connection.consumer(
        auto_offset_reset="earliest", max_partition_fetch_bytes=_FETCH_BYTES
    )
    await consumer.start()
    try:
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
                _take(newest[each.partition], records)
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
    finally:
        await consumer.stop()


def _take(states: dict[bytes, _Raw], records: Iterable[Any]) -> None:
    for record in records:
        if record.value is None:
            states.pop(record.key, None)
        else:
            states[record.key] = (record.headers, record.value)


async def _decode(
    rules: Rules[S],
    where: str,
    newest: dict[bytes, _Raw],
    progress: Progress,
    read: int,
) -> Restored[S]:
    raw_position = newest.pop(POSITION_KEY, None)
    position = None if raw_position is None else decode_position(raw_position[1])
    if position is None and newest:
        raise StateUnreadableError(f"{where} has states but no position")
    states: dict[bytes, S] = {}
    for count, (key, (headers, value)) in enumerate(newest.items()):
        version = dict(headers).get("state_version")
        if version is None or not version.isdigit():
            raise UnknownStateVersionError(
                f"{where}, key {key!r}: state_version is {version!r}"
            )
        try:
            states[key] = rules.decode_state(int(version), value)
        except DeliveryError:
            raise
        except Exception as error:
            raise StateUnreadableError(f"{where}, key {key!r}: {error}") from error
        if count % _BREATHE_EVERY == 0:
            progress(read, 0)
            await asyncio.sleep(0)
    sizes = {key: len(value) for key, (_, value) in newest.items()}
    return Restored(states, position, sizes)


@contextmanager
def _no_collections() -> Iterator[None]:
    """Keep Python's collector from looking through the states, now and ever after.

    They hold no cycles. To look for some, again and again while there are more and more
    of them, took most of the time in which they were decoded.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if enabled:
            gc.enable()
