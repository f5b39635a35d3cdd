"""All that lies on Kafka after a run, as plain values: what the oracle looks at.

Read twice. Raw, with what was aborted or is open and the markers that tell which; and
as every client with ``read_committed`` sees it. The two must agree, and neither is
taken on trust.
"""

from collections.abc import Iterable
from pathlib import Path

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import for_code
from aiokafka.protocol.fetch import FetchRequest

from tests.oracle import coordinator
from tests.oracle.batches import Marker, batches
from tests.oracle.coordinator import Commit
from workers.delivery.clients import Connection

_PIECE = 8 * 1024 * 1024


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One record in a log, and who wrote it how."""

    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    producer_id: int
    epoch: int
    transactional: bool


class End(msgspec.Struct, frozen=True, array_like=True):
    """A marker: all that this producer wrote before it here is committed, or not."""

    offset: int
    producer_id: int
    epoch: int
    marker: Marker
    timestamp_ms: int


class Log(msgspec.Struct, frozen=True):
    """One partition of one Kafka topic."""

    topic: str
    partition: int
    start: int
    """The first offset that is still there."""
    end: int
    """The one after the last record, committed or not."""
    stable_end: int
    """The one after the last record whose fate is known; so far all may read."""
    entries: tuple[Entry, ...]
    ends: tuple[End, ...]
    seen: tuple[int, ...]
    """Offsets that a reader of committed records got."""


class Dump(msgspec.Struct, frozen=True):
    """Logs by Kafka topic, each by its partition number; and where groups stand."""

    logs: dict[str, tuple[Log, ...]]
    groups: dict[str, dict[str, dict[int, int]]]
    """Next offset by group, Kafka topic and partition number."""
    commits: tuple[Commit, ...]
    """All transactions that were committed, by the coordinator's book."""

    def save(self, path: Path) -> None:
        """Keep it, to be looked at again without Kafka."""
        path.write_bytes(msgspec.msgpack.encode(self))


def load(path: Path) -> Dump:
    """Return what was saved."""
    return msgspec.msgpack.decode(path.read_bytes(), type=Dump)


async def take(
    connection: Connection, topics: Iterable[str], groups: Iterable[str]
) -> Dump:
    """Read everything, once nobody writes any more."""
    consumer = connection.consumer(auto_offset_reset="earliest")
    admin = connection.admin()
    await consumer.start()
    await admin.start()
    try:
        described = await admin.describe_topics(sorted(set(topics)))
        counts = {each["topic"]: len(each["partitions"]) for each in described}
        places = [
            TopicPartition(topic, number)
            for topic, count in counts.items()
            for number in range(count)
        ]
        seen = await _seen(consumer, places)
        book = await _book(consumer, admin)
        logs: dict[str, tuple[Log, ...]] = dict.fromkeys(counts, ())
        for place in places:
            logs[place.topic] += (await _raw(consumer, place, seen[place]),)
        stand: dict[str, dict[str, dict[int, int]]] = {}
        for group in groups:
            offsets = await admin.list_consumer_group_offsets(group)
            stand[group] = {}
            for place, meta in offsets.items():
                stand[group].setdefault(place.topic, {})[place.partition] = meta.offset
    finally:
        await consumer.stop()
        await admin.close()
    return Dump(logs, stand, book)


async def _seen(
    consumer: AIOKafkaConsumer, places: list[TopicPartition]
) -> dict[TopicPartition, tuple[int, ...]]:
    """Read as everybody does."""
    consumer.assign(places)
    ends = await consumer.end_offsets(places)
    starts = await consumer.beginning_offsets(places)
    seen: dict[TopicPartition, list[int]] = {place: [] for place in places}
    left = {place for place in places if ends[place] > starts[place]}
    for place in places:
        consumer.seek(place, starts[place])
    while left:
        for place, records in (await consumer.getmany(*left, timeout_ms=200)).items():
            seen[place] += [record.offset for record in records]
        for place in tuple(left):
            if await consumer.position(place) >= ends[place]:
                left.discard(place)
                consumer.pause(place)
    return {place: tuple(offsets) for place, offsets in seen.items()}


async def _book(
    consumer: AIOKafkaConsumer, admin: AIOKafkaAdminClient
) -> tuple[Commit, ...]:
    """Read the coordinator's book."""
    (described,) = await admin.describe_topics([coordinator.TOPIC])
    kept: list[Commit] = []
    for number in range(len(described["partitions"])):
        log = await _raw(consumer, TopicPartition(coordinator.TOPIC, number), ())
        kept += coordinator.commits(log.entries)
    return tuple(kept)


async def _raw(
    consumer: AIOKafkaConsumer, place: TopicPartition, seen: tuple[int, ...]
) -> Log:
    # A consumer learns who leads a log when it is told to read it.
    consumer.assign([place])
    start = (await consumer.beginning_offsets([place]))[place]
    consumer.seek(place, start)
    consumer.pause(place)
    entries: list[Entry] = []
    ends: list[End] = []
    offset, end, stable_end = start, start + 1, start
    while offset < end:
        end, stable_end, data = await _fetch(consumer, place, offset)
        for batch in batches(data):
            by = (batch.producer_id, batch.epoch)
            if batch.marker is not None:
                (mark,) = batch.records
                ends.append(End(mark.offset, *by, batch.marker, mark.timestamp_ms))
            else:
                entries += [
                    Entry(*record, *by, batch.transactional)
                    for record in batch.records
                    if record.offset >= offset
                ]
            offset = batch.last_offset + 1
    return Log(
        place.topic,
        place.partition,
        start,
        end,
        stable_end,
        tuple(entries),
        tuple(ends),
        seen,
    )


async def _fetch(
    consumer: AIOKafkaConsumer, place: TopicPartition, offset: int
) -> tuple[int, int, bytes]:
    """Return the log's end, its stable end and its bytes from *offset* on."""
    client = consumer._client
    leader = client.cluster.leader_for_partition(place)
    wanted = [(place.topic, [(place.partition, offset, _PIECE)])]
    answer = await client.send(leader, FetchRequest(100, 0, _PIECE, 0, wanted))
    ((_, ((_, code, end, stable_end, *_, data),)),) = answer.topics
    if code:
        raise for_code(code)(f"{place} from {offset}")
    return end, stable_end, data or b""
