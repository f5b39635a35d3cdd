"""Transactions that Kafka never ended: what hangs is aborted by whoever takes over."""

import asyncio
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import GroupCoordinatorNotAvailableError

from tests.delivery.kafka_runs import Cluster
from workers.broker import EmbeddedKafka
from workers.delivery.exits import Exit, exit_for
from workers.delivery.observer import Unobserved
from workers.delivery.owner import Owner
from workers.delivery.settings import TurnSettings
from workers.delivery.unended import unended

PROPERTIES = {"transaction.partition.verification.enable": "false"}
"""So a producer may write behind the coordinator's back, as in a log it forgot."""


@pytest.fixture(scope="module")
def kafka():
    with EmbeddedKafka(properties=PROPERTIES) as kafka:
        yield kafka


async def created(kafka: EmbeddedKafka, prefix: str, partitions: int) -> Cluster:
    cluster = Cluster(kafka.bootstrap, prefix, partitions)
    await cluster.create()
    admin = cluster.connection.admin()
    await admin.start()
    try:
        async with asyncio.timeout(30):
            while True:  # a new Kafka has no coordinator of groups for a while
                try:
                    await admin.list_consumer_group_offsets(f"{prefix}-g")
                except GroupCoordinatorNotAvailableError:
                    await asyncio.sleep(0.1)
                else:
                    return cluster
    finally:
        await admin.close()


def owner_of(cluster: Cluster) -> Owner[Any]:
    settings = TurnSettings(
        group=f"{cluster.prefix}-g",
        input_topics=(f"{cluster.prefix}.in",),
        state_topic=f"{cluster.prefix}.state",
        output_topics=(f"{cluster.prefix}.out",),
    )
    return Owner(cluster.rules, settings, cluster.connection, Unobserved())


async def leave_open(cluster: Cluster, transactional_id: str, number: int) -> None:
    """Write to the logs of a partition; the coordinator never hears of them."""
    producer = cluster.connection.producer(transactional_id=transactional_id)
    await producer.start()
    await producer.begin_transaction()
    for name in ("state", "out"):
        topic = f"{cluster.prefix}.{name}"
        producer._txn_manager._txn_partitions.add(TopicPartition(topic, number))
        await producer.send_and_wait(topic, b"x", key=b"x", partition=number)
    # No goodbye: it was killed.
    await producer._sender.close()
    await producer.client.close()
    producer._closed = True


async def open_logs(cluster: Cluster) -> set[tuple[str, int]]:
    logs = [
        TopicPartition(f"{cluster.prefix}.{name}", number)
        for name in ("state", "out")
        for number in range(cluster.partitions)
    ]
    found = await unended(cluster.connection, logs, patience_s=0.5)
    return {(each.topic.rpartition(".")[2], each.partition) for each in found}


async def test_what_the_writer_before_left_and_kafka_forgot_is_aborted(kafka, caplog):
    cluster = await created(kafka, "ours", 3)
    await leave_open(cluster, "ours-g-1", 1)
    assert await open_logs(cluster) == {("state", 1), ("out", 1)}
    owner = owner_of(cluster)
    await owner.own({0, 1, 2}, lambda *_: None)
    assert "ours.state-1" in caplog.text
    assert "ours.state-0" not in caplog.text
    assert await open_logs(cluster) == set()
    assert len(owner.partitions[1].store) == 0
    await owner.close()
    await owner.stop()
    assert (await cluster.read("out"))[1] == {}
    kept = (await cluster.read("state"))[1].values()
    assert all(row.key not in (b"x", b"unended") for row in kept)
    caplog.clear()
    again = owner_of(cluster)
    await again.own({1}, lambda *_: None)
    await again.stop()
    assert "never ended" not in caplog.text


async def test_what_somebody_else_left_open_is_not_waited_for_without_end(
    kafka, monkeypatch
):
    monkeypatch.setattr("workers.delivery.unended.PATIENCE_S", 0.5)
    cluster = await created(kafka, "theirs", 1)
    await leave_open(cluster, "somebody", 0)
    owner = owner_of(cluster)
    with pytest.raises(Exception, match=r"theirs\.state-0 is not ended") as found:
        await owner.own({0}, lambda *_: None)
    assert exit_for(found.value) == Exit.KAFKA_GONE
    assert owner.partitions == {}
