"""Workers that are broken on purpose are caught, each by what it does wrong."""

import asyncio
import contextlib
import signal
import uuid

import pytest

from tests.delivery.kafka_runs import Cluster, Worker
from tests.kafka_log import until
from tests.oracle.evidence import Evidence
from tests.oracle.oracle import examine
from tests.oracle.sabotaged_worker import SABOTAGES
from tests.oracle.toys import dump_of, speak, toy

AT_ONCE = 6
RESTARTED = ("nothing", "nobody is fenced")
"""Killed and started again, since that shows it; the others need it not."""
CAUGHT_AS = {
    "nothing": None,
    "outputs are committed before the position": "torn",
    "the position is committed before the outputs": "torn",
    "nobody is fenced": "stranger",
    "state is not reset when a transaction is aborted": "state_altered",
    # Which of them depends on what the turn had that was not written.
    "an error in a commit is swallowed": ("lost", "altered", "state_altered"),
    "outputs go where a partitioner sends them": "wrong_partition",
    "rejected records are sent outside of the transaction": "outside_transaction",
    "outputs tell the time of writing": "altered",
    "outputs are in the order of a set": "out_of_order",
    "a batch is sent again as if it were new": "doubled",
    "a record whose step raises is skipped": "poison_passed",
    "a fetched record is dropped now and then": "lost",
    "a key that ends gets no tombstone": "state_kept",
    "state is written without its last change": "state_lost",
    "uncommitted records are read": "phantom",
    "the rules look at the clock": "altered",
}


@pytest.fixture(scope="module")
def violations(kafka, tmp_path_factory):
    """What the oracle says of each worker."""
    return asyncio.run(_all(kafka.bootstrap, tmp_path_factory.mktemp("sabotage")))


async def _all(bootstrap, folder):
    few = asyncio.Semaphore(AT_ONCE)

    async def one(number, name):
        async with few:
            return await _run(bootstrap, folder / f"{number}.log", name)

    runs = [one(number, name) for number, name in enumerate(SABOTAGES)]
    return dict(zip(SABOTAGES, await asyncio.gather(*runs), strict=True))


async def _run(bootstrap, log, name):
    cluster = Cluster(bootstrap, f"sabotage-{uuid.uuid4().hex[:8]}")
    await cluster.create()
    workers = []

    def start():
        module = ("tests.oracle.sabotaged_worker", name)
        workers.append(Worker(cluster, log, module=module, instance_id="one"))
        return workers[-1]

    try:
        worker = start()
        sent = await speak(cluster, 200, seed=1, rate=300)
        await _speak_and_take_back(cluster)
        await _drained(cluster)
        if name in RESTARTED:
            await worker.end(signal.SIGKILL)
            worker = start()
            sent += await speak(cluster, 100, seed=2, rate=200)
            await _drained(cluster)
        await asyncio.sleep(1.2)  # until silence has ended the keys
        await worker.end(signal.SIGTERM)
    finally:
        for each in workers:
            each.discard()
    return examine(Evidence(await dump_of(cluster), sent), toy(cluster))


async def _drained(cluster):
    # One that drops the last record never gets there, and need not.
    with contextlib.suppress(AssertionError):
        await until(cluster.is_drained, 20)


async def _speak_and_take_back(cluster):
    """Write what nobody must hear: a transaction that is aborted."""
    producer = cluster.connection.producer(transactional_id=f"{cluster.prefix}-speaker")
    await producer.start()
    await producer.begin_transaction()
    for number in range(cluster.partitions):
        topic = f"{cluster.prefix}.in"
        await producer.send_and_wait(topic, b"say", key=b"unsaid", partition=number)
    await producer.abort_transaction()
    await producer.stop()


@pytest.mark.parametrize("name", SABOTAGES)
def test_it_is_caught(violations, name):
    kinds = {each.kind for each in violations[name]}
    caught_as = CAUGHT_AS[name]
    if caught_as is None:
        assert violations[name] == []
    else:
        named = {caught_as} if isinstance(caught_as, str) else set(caught_as)
        assert named & kinds, violations[name]
