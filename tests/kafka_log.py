"""What is committed on Kafka, and whether it is what the rules decide.

A worker's log tells all that its turns were decided by: the inputs, and in the state
topic the position after each turn, with its clock. So each turn is decided a second
time here and compared, byte for byte, with what readers of committed records see.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from workers.delivery.clients import Connection
from workers.delivery.decide import Work, decide
from workers.delivery.inbox import in_order
from workers.delivery.position import POSITION_KEY, Position, decode_position
from workers.delivery.records import Record
from workers.delivery.rules import Rules
from workers.delivery.store import Store


class Row(NamedTuple):
    """One committed record of a log."""

    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


Log = dict[int, Row]
"""One partition: record by offset."""


async def read(connection: Connection, topic: str, partitions: int) -> dict[int, Log]:
    """Return what is committed on a Kafka topic now, by partition."""
    logs = [TopicPartition(topic, number) for number in range(partitions)]
    consumer = connection.consumer(auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign(logs)
        ends = await _committed_ends(connection, consumer, logs)
        starts = await consumer.beginning_offsets(logs)
        found: dict[int, Log] = {each.partition: {} for each in logs}
        left = {each for each in logs if ends[each] > starts[each]}
        while left:
            for each, records in (await consumer.getmany(timeout_ms=100)).items():
                found[each.partition] |= {
                    record.offset: Row(
                        record.timestamp,
                        record.key,
                        record.value,
                        tuple(record.headers),
                    )
                    for record in records
                }
            for each in tuple(left):
                if await consumer.position(each) >= ends[each]:
                    left.discard(each)
        return found
    finally:
        await consumer.stop()


async def _committed_ends(
    connection: Connection, consumer: AIOKafkaConsumer, logs: list[TopicPartition]
) -> dict[TopicPartition, int]:
    """Return where what is committed ends, once the markers of commits are there.

    Kafka answers a commit before, and a log that it has just made has them late; what
    is still open after a second is a transaction that somebody left so.
    """
    raw = AIOKafkaConsumer(**connection._common())
    await raw.start()
    try:
        written = await raw.end_offsets(logs)
    finally:
        await raw.stop()
    until_s = time.monotonic() + 1.0
    while True:
        ends: dict[TopicPartition, int] = await consumer.end_offsets(logs)
        settled = all(ends[each] >= written[each] for each in logs)
        if settled or time.monotonic() > until_s:
            return ends
        await asyncio.sleep(0.02)


def positions(state: Mapping[int, Log]) -> dict[int, Position]:
    """Return each partition's newest position in a state topic."""
    return {
        number: decode_position(row.value)
        for number, log in state.items()
        for row in log.values()
        if row.key == POSITION_KEY and row.value is not None
    }


def is_drained(
    inputs: Mapping[str, Mapping[int, Log]], state: Mapping[int, Log]
) -> bool:
    """Tell whether all that is on the inputs, by Kafka topic, is decided."""
    newest = positions(state)
    return all(
        number in newest and newest[number].next.get(topic, 0) > max(log)
        for topic, logs in inputs.items()
        for number, log in logs.items()
        if log
    )


def faults(
    rules: Rules[Any],
    number: int,
    inputs: Mapping[str, Log],
    state: Log,
    outputs: Mapping[str, Log],
    quarantined: Collection[tuple[str, int]] = (),
) -> Iterator[str]:
    """Decide one partition again, turn by turn as its positions tell.

    Args:
        rules: Of the agent.
        number: The partition.
        inputs: What the agent reads, by Kafka topic, in the order of its inputs.
        state: The agent's state topic, nothing of it compacted yet.
        outputs: What the agent wrote, by Kafka topic.
        quarantined: Kafka topics and offsets of the records that were not read.

    Yields:
        What differs.
    """
    store: Store[Any] = Store(rules.deadline_ms)
    clock_ms, next_offsets = 0, dict.fromkeys(inputs, 0)
    expected: dict[str, list[Row]] = {name: [] for name in outputs}
    written: dict[bytes | None, bytes | None] = {}
    for row in state.values():
        if row.key != POSITION_KEY:
            written[row.key] = row.value
            continue
        position = decode_position(row.value or b"")
        upto = {topic: position.next.get(topic, 0) for topic in inputs}
        records = in_order(
            [
                Record(topic, number, offset, *log[offset])
                for offset in range(next_offsets[topic], upto[topic])
                if offset in log
            ]
            for topic, log in inputs.items()
        )
        unread = bool(records) and (records[0].topic, records[0].offset) in quarantined
        decided = decide(
            rules,
            Work(
                number,
                store,
                records,
                clock_ms,
                position.clock_ms,
                position.caught_up,
                unread,
            ),
        )
        if decided.clock_ms != position.clock_ms:
            yield f"clock {position.clock_ms}, expected {decided.clock_ms}"
        changes = {
            key: None if one is None else rules.encode_state(one)
            for key, one in decided.changes.items()
        }
        if changes != written:
            yield f"state written {written}, expected {changes}"
        for time_ms, output in decided.outputs:
            expected[output.topic].append(
                Row(time_ms, output.key, output.value, output.headers)
            )
        store.apply(decided.changes)
        clock_ms, next_offsets, written = decided.clock_ms, upto, {}
    if written:
        yield "states without a position"
    for name, rows in expected.items():
        yield from _differences(name, list(outputs[name].values()), rows)


def _differences(name: str, found: list[Row], rows: list[Row]) -> Iterable[str]:
    if found == rows:
        return
    for place, (one, other) in enumerate(zip(found, rows, strict=False)):
        if one != other:
            yield f"{name}: record {place} is {one}, expected {other}"
            return
    yield f"{name}: {len(found)} records, expected {len(rows)}"


async def until(
    condition: Callable[[], Awaitable[bool]], timeout_s: float = 60
) -> None:
    """Wait for a condition; a test that times out has failed."""
    end_s = time.monotonic() + timeout_s
    while not await condition():
        assert time.monotonic() < end_s, "waited for too long"
        await asyncio.sleep(0.2)
