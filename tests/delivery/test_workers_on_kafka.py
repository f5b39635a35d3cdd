"""Worker processes on a real Kafka, ended in every way; each record counts once.

Each run is decided a second time from its input logs, turn by turn as the positions
tell, and compared byte for byte with what readers of committed records see. The worker
reads two inputs; the speakers talk on both.
"""

import asyncio
import random
import signal
import time
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from aiokafka.admin import NewPartitions

from tests.delivery.kafka_runs import Cluster, Worker, owns_partitions
from tests.delivery.toy import INPUTS
from tests.kafka_log import until
from workers.delivery.exits import Exit


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


async def progress(cluster: Cluster, by: Worker) -> None:
    """Wait until a process is at work and more is decided than is now.

    More alone does not tell that: what a killed process committed may be seen late.
    """
    await until(lambda: owns_partitions(by))
    await until(decided(cluster, await records_decided(cluster) + 200))


async def test_a_worker_killed_or_stopped_or_joined_decides_each_record_once(
    cluster, start
):
    speakers = Speakers(cluster, rate=600)
    worker = start(instance_id="one")
    await progress(cluster, worker)
    for _ in range(2):
        await worker.end(signal.SIGKILL)
        worker = start(instance_id="one")
        await progress(cluster, worker)
    assert await worker.end(signal.SIGTERM) == Exit.OK
    worker = start(instance_id="one")
    await progress(cluster, worker)
    second = start(instance_id="two")
    await progress(cluster, second)
    assert await second.end(signal.SIGTERM) == Exit.OK
    await progress(cluster, worker)
    await speakers.stop()
    await until(cluster.is_drained)
    assert await worker.end(signal.SIGTERM) == Exit.OK
    assert await cluster.check() == []
    assert not any(each.open for each in (await cluster.positions()).values())


async def test_a_worker_that_was_away_is_fenced_and_harms_nothing(cluster, start):
    speakers = Speakers(cluster, rate=300)
    away = start()
    await progress(cluster, away)
    away.send(signal.SIGSTOP)
    other = start()
    await progress(cluster, other)
    away.send(signal.SIGCONT)
    assert await away.exit_code() == Exit.FENCED
    await progress(cluster, other)
    await speakers.stop()
    await until(cluster.is_drained)
    assert await other.end(signal.SIGTERM) == Exit.OK
    assert await cluster.check() == []


@pytest.mark.parametrize(
    ("deadly_in", "before"),
    [(INPUTS[0], 0), (INPUTS[1], 40)],
    ids=["in a first turn", "in a later turn of another input"],
)
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
    assert deaths == 1
    assert await worker.end(signal.SIGTERM) == Exit.OK
    assert await cluster.check() == []
    rejected = [
        dict(row.headers)["reason"]
        for log in (await cluster.read("rejected")).values()
        for row in log.values()
    ]
    assert rejected == [b"quarantined"]


async def test_a_record_at_which_processes_are_killed_from_outside_is_decided(
    cluster, start
):
    """However often it happens at the very same one."""
    await cluster.write("in", [{"key": b"a", "value": b"slow", "partition": 0}])
    for _ in range(6):
        worker = start(instance_id="one")
        await until(lambda worker=worker: owns_partitions(worker))
        await asyncio.sleep(1.5)  # in the middle of it, or of its rehearsal
        await worker.end(signal.SIGKILL)
    assert not await cluster.is_drained()
    worker = start(instance_id="one")
    await until(lambda: owns_partitions(worker))
    await until(cluster.is_drained)
    assert await worker.end(signal.SIGTERM) == Exit.OK
    assert not any((await cluster.read("rejected")).values())
    assert await cluster.check() == []


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


async def test_partitions_added_to_the_inputs_alone_stop_a_running_worker_by_name(
    start, cluster
):
    """Streams would go on in new partitions, without any state of theirs."""
    worker = start(metadata_age_s=0.5)
    await until(lambda: owns_partitions(worker))
    admin = cluster.connection.admin()
    await admin.start()
    more = NewPartitions(total_count=6)
    await admin.create_partitions({f"{cluster.prefix}.{name}": more for name in INPUTS})
    await admin.close()
    assert await worker.exit_code(60) == Exit.TOPICS
    told = worker.log.read_bytes()
    assert b".state has no partition 4, 5" in told or b"not assigned in all" in told


async def test_a_bug_in_the_rules_ends_the_process_and_commits_nothing(cluster, start):
    rows = [{"key": b"a", "value": b"say"}, {"key": None, "value": b"stay"}]
    await cluster.write("in", [row | {"partition": 0} for row in rows])
    worker = start()
    assert await worker.exit_code() == Exit.UNEXPECTED
    assert b"BrokenRulesError" in worker.log.read_bytes()
    assert not any((await cluster.read("out")).values())
