"""The oracle finds and names each corruption of a good run, and nothing in the run."""

import asyncio
import random
import signal
import uuid

import pytest

from tests.delivery.kafka_runs import Cluster, Worker
from tests.kafka_log import until
from tests.oracle.corruptions.every import KNOWN
from tests.oracle.dump import load
from tests.oracle.evidence import Evidence
from tests.oracle.oracle import examine
from tests.oracle.toys import dump_of, speak, toy
from tests.oracle.violations import KINDS
from workers.delivery.exits import Exit

SEEDS = range(2)


@pytest.fixture(scope="module")
def good(kafka, tmp_path_factory):
    """A run of a real worker on a real Kafka, killed once and stopped once."""
    return asyncio.run(_run(kafka, tmp_path_factory.mktemp("good")))


async def _run(kafka, folder):
    cluster = Cluster(kafka.bootstrap, f"oracle-{uuid.uuid4().hex[:8]}")
    await cluster.create()
    workers = []

    def start():
        workers.append(Worker(cluster, folder / "worker.log", instance_id="one"))
        return workers[-1]

    try:
        worker = start()
        sent = await speak(cluster, 1000, seed=1, rate=1000)
        await until(cluster.is_drained)
        await worker.end(signal.SIGKILL)
        worker = start()
        sent += await speak(cluster, 1000, seed=2, rate=1000)
        await until(cluster.is_drained)
        # Until silence has ended the keys, so that there are tombstones.
        await asyncio.sleep(1.5)
        assert await worker.end(signal.SIGTERM) == Exit.OK
    finally:
        for each in workers:
            each.discard()
    dump = await dump_of(cluster)
    watched = toy(cluster)
    read = {
        (topic, log.partition): log.seen
        for topic in watched.outputs
        for log in dump.logs[topic]
    }
    return Evidence(dump, sent, read), watched


def test_a_good_run_has_nothing_wrong(good):
    assert examine(*good) == []


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("how", KNOWN)
def test_the_oracle_finds_and_names_that(good, how, seed):
    evidence, watched = good
    corrupted = KNOWN[how](evidence, watched, random.Random(seed))
    violations = examine(corrupted.evidence, watched)
    places = [(each.kind, each.where) for each in violations]
    assert (corrupted.kind, corrupted.where) in places, violations


def test_each_kind_of_violation_is_named_for_a_corruption(good):
    evidence, watched = good
    named = {how(evidence, watched, random.Random(0)).kind for how in KNOWN.values()}
    # These show beside others, or need a worker that does wrong: see test_sabotage.
    assert KINDS.keys() - named <= {"clock", "state_phantom", "state_unplaced"}


def test_a_dump_is_the_same_after_it_was_saved(good, tmp_path):
    evidence, _ = good
    evidence.dump.save(tmp_path / "dump")
    assert load(tmp_path / "dump") == evidence.dump
