"""Worker processes on a real Kafka, ended in every way; each record counts once.

Each run is decided a second time from its input logs, turn by turn as the positions
tell, and compared byte for byte with what readers of committed records see. The worker
reads two inputs; the speakers talk on both.
"""

import asyncio
import random
import signal
import time
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
import pytest
from aiokafka import TopicPartition
from aiokafka.admin import NewPartitions, RecordsToDelete

from tests.delivery.kafka_runs import Cluster, Worker
from tests.delivery.toy import INPUTS
from tests.kafka_log import until
from workers.delivery.exits import Exit
from workers.delivery.position import POSITION_KEY, Attempt, Position, encode_position

Start = Callable[..., Worker]


@pytest.fixture
async def cluster(kafka: Any) -> Cluster:
    cluster = Cluster(kafka.bootstrap, f"delivery-{uuid.uuid4().hex[:8]}")
    await cluster.create()
    return cluster


@pytest.fixture
async def start(cluster: Cluster, tmp_path: Any) -> AsyncIterator[Start]:
    workers: list[Worker] = []

    def start(**settings: Any) -> Worker:
        log = tmp_path / f"worker-{len(workers)}.log"
        workers.append(Worker(cluster, log, **settings))
        return workers[-1]

    yield start
    for worker in workers:
        worker.discard()


class Speakers:
    """Writes records of all kinds at an even pace until told to stop."""

    KINDS = (b"say",) * 40 + (b"poison", b"refuse", b"ignore", b"stay", b"big")

    INPUTS = ("in",) * 9 + ("aside",)

    def __init__(self, cluster: Cluster, rate: int) -> None:
        self.rate = rate
        self.stopped = False
        self.task = asyncio.create_task(self._speak(cluster))

    async def stop(self) -> None:
        self.stopped = True
        await self.task

    async def _speak(self, cluster: Cluster) -> None:
        dice = random.Random(7)
        producer = cluster.connection.producer(linger_ms=2, enable_idempotence=True)
        await producer.start()
        started, said = time.monotonic(), 0
        while not self.stopped:
            while said < (time.monotonic() - started) * self.rate:
                key = None if dice.random() < 0.1 else b"k%d" % dice.randrange(60)
                kind = b"say" if key is None else dice.choice(self.KINDS)
                await producer.send(
                    f"{cluster.prefix}.{dice.choice(self.INPUTS)}",
                    key=key,
                    value=b"%s %d" % (kind, said),
                    headers=[("skip", b"1")] if dice.random() < 0.1 else [],
                )
                said += 1
            await asyncio.sleep(0.01)
        await producer.stop()


def decided(cluster: Cluster, at_least: int) -> Callable[[], Any]:
    """Return a condition: so many records are decided."""

    async def condition() -> bool:
        positions = await cluster.positions()
        return sum(sum(each.next.values()) for each in positions.values()) >= at_least

    return condition


async def records_decided(cluster: Cluster) -> int:
    positions = await cluster.positions()
    return sum(sum(each.next.values()) for each in positions.values())


async def progress(cluster: Cluster) -> None:
    """Wait until more is decided than is now."""
    await until(decided(cluster, await records_decided(cluster) + 200))


async def test_a_worker_killed_or_stopped_or_joined_decides_each_record_once(
    cluster, start
):
    speakers = Speakers(cluster, rate=600)
    worker = start(instance_id="one")
    await progress(cluster)
    for _ in range(2):
        await worker.end(signal.SIGKILL)
        worker = start(instance_id="one")
        await progress(cluster)
    assert await worker.end(signal.SIGTERM) == Exit.OK
    worker = start(instance_id="one")
    await progress(cluster)
    second = start(instance_id="two")
    await until(lambda: owns_partitions(second))
    await progress(cluster)
    assert await second.end(signal.SIGTERM) == Exit.OK
    await progress(cluster)
    await speakers.stop()
    await until(cluster.is_drained)
    assert await worker.end(signal.SIGTERM) == Exit.OK
    assert await cluster.check() == []
    assert not any(each.open for each in (await cluster.positions()).values())


async def owns_partitions(worker: Worker) -> bool:
    return b"restored" in worker.log.read_bytes()


async def test_a_worker_that_was_away_is_fenced_and_harms_nothing(cluster, start):
    speakers = Speakers(cluster, rate=300)
    away = start()
    await progress(cluster)
    away.send(signal.SIGSTOP)
    other = start()
    await until(lambda: owns_partitions(other))
    await progress(cluster)
    away.send(signal.SIGCONT)
    assert await away.exit_code() == Exit.FENCED
    await progress(cluster)
    await speakers.stop()
    await until(cluster.is_drained)
    assert await other.end(signal.SIGTERM) == Exit.OK
    assert await cluster.check() == []


@pytest.mark.parametrize("before", [0, 40], ids=["first turn", "later turn"])
@pytest.mark.parametrize("deadly_in", INPUTS)
async def test_a_record_that_ends_every_process_is_quarantined_and_no_other(
    cluster, start, before, deadly_in
):
    fine = [{"key": b"k%d" % (i % 9), "value": b"say %d" % i} for i in range(40)]
    deadly = {"key": b"k1", "value": b"kill"}
    await cluster.write("in", fine[:before])
    await cluster.write(deadly_in, [deadly])
    for name in INPUTS:
        await cluster.write(name, fine)
    deaths = 0
    worker = start(instance_id="one", max_records=20)
    while not await cluster.is_drained():
        if worker.process.poll() is not None:
            deaths += 1
            worker = start(instance_id="one", max_records=20)
        await asyncio.sleep(0.1)
    assert deaths == 3
    assert await worker.end(signal.SIGTERM) == Exit.OK
    assert await cluster.check() == []
    rejected = [
        dict(row.headers)["reason"]
        for log in (await cluster.read("rejected")).values()
        for row in log.values()
    ]
    assert rejected == [b"quarantined"]


async def test_producers_may_compress_as_they_like(cluster, start):
    for codec in ("gzip", "snappy", "lz4", "zstd"):
        rows = [{"key": b"a", "value": b"say " + codec.encode()}] * 20
        await cluster.write("in", rows, compression_type=codec)
    worker = start()
    await until(cluster.is_drained)
    assert await worker.end(signal.SIGTERM) == Exit.OK
    assert await cluster.check() == []


async def test_an_idle_worker_writes_nothing(cluster, start):
    await cluster.write("in", [{"key": b"a", "value": b"say"}])
    worker = start()
    await until(cluster.is_drained)
    await until(lambda: silent_for_good(cluster))
    before = await cluster.read("state")
    await asyncio.sleep(1.5)
    assert await cluster.read("state") == before
    assert await worker.end(signal.SIGTERM) == Exit.OK
    assert await cluster.check() == []


async def silent_for_good(cluster: Cluster) -> bool:
    outputs = [
        msgspec.json.decode(row.value)
        for log in (await cluster.read("out")).values()
        for row in log.values()
    ]
    return any(output.get("silences") == 3 for output in outputs)


async def test_skipped_records_cost_no_transaction_each(cluster, start):
    skipped = {"key": b"a", "value": b"poison", "headers": [("skip", b"1")]}
    worker = start()
    for _ in range(10):
        await cluster.write("in", [skipped])
    await until(cluster.is_drained)
    assert await worker.end(signal.SIGTERM) == Exit.OK
    positions = sum(map(len, (await cluster.read("state")).values()))
    assert positions < 10
    assert await cluster.check() == []


async def test_what_a_second_input_brings_is_decided_in_the_order_of_time(
    cluster, start
):
    def rows(first_ms: int, count: int) -> list[dict[str, Any]]:
        return [
            {
                "key": b"a",
                "value": b"say %d" % at,
                "partition": 0,
                "timestamp_ms": first_ms + 100 * at,
            }
            for at in range(count)
        ]

    first_ms = int(time.time() * 1000) - 10**6
    # Ten minutes of one input in small turns; the other speaks twice in the middle.
    await cluster.write("aside", rows(first_ms + 300_050, 2))
    await cluster.write("in", rows(first_ms, 6000))
    worker = start(max_records=200)
    await until(cluster.is_drained)
    assert await worker.end(signal.SIGTERM) == Exit.OK
    said = [
        msgspec.json.decode(row.value)
        for row in (await cluster.read("out"))[0].values()
    ]
    count = [value["said"] for value in said if value["type"] == "said"]
    assert count == list(range(1, 6003))  # no silence has ended the key in between
    times = [value["now_ms"] for value in said]
    assert times == sorted(times)
    assert await cluster.check() == []


async def test_a_number_that_is_not_assigned_in_all_inputs_stops_the_worker_by_name(
    start, cluster
):
    admin = cluster.connection.admin()
    await admin.start()
    more = {f"{cluster.prefix}.in": NewPartitions(total_count=6)}
    await admin.create_partitions(more)
    await admin.close()
    worker = start()
    assert await worker.exit_code() == Exit.TOPICS
    assert b"not assigned in all inputs" in worker.log.read_bytes()


async def test_an_input_that_is_new_to_the_state_is_read_from_its_start(cluster, start):
    await cluster.write("state", [position_row(cluster, 0)])
    await cluster.write("aside", [{"key": b"a", "value": b"say", "partition": 0}] * 3)
    worker = start()
    await until(cluster.is_drained)
    assert await worker.end(signal.SIGTERM) == Exit.OK
    position = (await cluster.positions())[0]
    assert position.next == {f"{cluster.prefix}.in": 0, f"{cluster.prefix}.aside": 3}


def position_row(cluster: Cluster, offset: int, **fields: Any) -> dict[str, Any]:
    position = Position(next={f"{cluster.prefix}.in": offset}, **fields)
    return {"key": POSITION_KEY, "value": encode_position(position), "partition": 0}


async def test_a_state_of_an_unknown_version_stops_the_worker_by_name(cluster, start):
    state = {"key": b"a", "value": b"{}", "headers": [("state_version", b"9")]}
    await cluster.write("state", [state | {"partition": 0}, position_row(cluster, 0)])
    worker = start()
    assert await worker.exit_code() == Exit.STATE_UNREADABLE
    assert b"toy state has version 9" in worker.log.read_bytes()


@pytest.mark.parametrize("name", INPUTS)
async def test_records_deleted_before_they_were_read_stop_the_worker_by_name(
    cluster, start, name
):
    rows = [{"key": b"a", "value": b"say", "partition": 0}] * 10
    await cluster.write(name, rows)
    position = Position(next={f"{cluster.prefix}.{each}": 0 for each in INPUTS})
    position.next[f"{cluster.prefix}.{name}"] = 3
    row = {"key": POSITION_KEY, "value": encode_position(position), "partition": 0}
    await cluster.write("state", [row])
    admin = cluster.connection.admin()
    await admin.start()
    log = TopicPartition(f"{cluster.prefix}.{name}", 0)
    await admin.delete_records({log: RecordsToDelete(before_offset=7)})
    await admin.close()
    worker = start()
    assert await worker.exit_code() == Exit.POSITION
    assert b"records 3 to 6 were deleted" in worker.log.read_bytes()


@pytest.mark.parametrize("name", INPUTS)
async def test_lost_state_stops_the_worker_by_name(cluster, start, name):
    """The group knows of records that the state topic has never heard of."""
    await cluster.write(name, [{"key": b"a", "value": b"say", "partition": 0}] * 10)
    consumer = cluster.connection.consumer(group_id=f"{cluster.prefix}-toy")
    await consumer.start()
    log = TopicPartition(f"{cluster.prefix}.{name}", 0)
    consumer.assign([log])
    await consumer.commit({log: 5})
    await consumer.stop()
    worker = start()
    assert await worker.exit_code() == Exit.POSITION
    assert b"state was lost" in worker.log.read_bytes()


async def test_a_worker_that_decided_nothing_tells_the_group_nothing(cluster, start):
    """Else the next one would take the start of a log for progress that was lost."""
    await cluster.write("in", [{"key": b"a", "value": b"say", "partition": 0}] * 10)
    admin = cluster.connection.admin()
    await admin.start()
    log = TopicPartition(f"{cluster.prefix}.in", 0)
    await admin.delete_records({log: RecordsToDelete(before_offset=10)})
    await admin.close()
    for _ in range(2):
        worker = start()
        await until(lambda worker=worker: owns_partitions(worker))
        await asyncio.sleep(1.5)
        assert await worker.end(signal.SIGTERM) == Exit.OK


async def test_a_clean_close_leaves_no_care_for_the_next_owner(cluster, start):
    await cluster.write("in", [{"key": b"a", "value": b"say", "partition": 0}])
    attempt = Attempt(f"{cluster.prefix}.in", 0, 1)
    await cluster.write("state", [position_row(cluster, 0, open=True, attempt=attempt)])
    worker = start()
    await until(cluster.is_drained)
    assert await worker.end(signal.SIGTERM) == Exit.OK
    position = (await cluster.positions())[0]
    assert (position.open, position.attempt) == (False, None)


async def test_a_bug_in_the_rules_ends_the_process_and_commits_nothing(cluster, start):
    rows = [{"key": b"a", "value": b"say"}, {"key": None, "value": b"stay"}]
    await cluster.write("in", [row | {"partition": 0} for row in rows])
    worker = start()
    assert await worker.exit_code() == Exit.UNEXPECTED
    assert b"BrokenRulesError" in worker.log.read_bytes()
    assert not any((await cluster.read("out")).values())
