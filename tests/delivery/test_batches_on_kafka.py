"""Hostile batches through a real Kafka and a real worker process."""

import signal
import time

import pytest
from aiokafka.errors import KafkaError

from tests.kafka_batches import (
    HEAD,
    STAND_IN,
    batch,
    odd,
    packed,
    sealed,
    send_batches,
)
from tests.kafka_log import until
from workers.delivery.batches import MAX_BATCH_BYTES
from workers.delivery.exits import Exit


def rows(*values, headers=()):
    return [(b"k", value, headers) for value in values]


async def test_what_no_reader_of_aiokafka_survives_is_rejected_and_costs_no_neighbour(
    cluster, start
):
    now_ms = int(time.time() * 1000)
    strange = batch(
        [*rows(b"say 1"), *rows(b"strange", headers=[(STAND_IN, b"1")])], 0, now_ms
    )
    bomb = packed(batch(rows(bytes(MAX_BATCH_BYTES), b"never read"), 0, now_ms), 4)
    await send_batches(
        cluster.connection,
        f"{cluster.prefix}.in",
        1,
        odd(strange),
        batch(rows(b"say 2"), 0, now_ms),
        packed(odd(strange), 4),
        bomb,
        batch(rows(b"say 3"), 0, now_ms),
    )
    worker = start()
    await until(cluster.is_drained)
    assert await worker.end(signal.SIGTERM) == Exit.OK
    assert await cluster.check() == []
    told = [
        (dict(row.headers)["reason"], dict(row.headers)["offset"])
        for row in (await cluster.read("rejected"))[1].values()
    ]
    assert told == [
        (b"header_name", b"1"),
        (b"header_name", b"4"),
        (b"batch_too_large", b"6"),
    ]
    assert worker.log.read_text().count("restored") == 1


async def test_a_record_dated_a_day_ahead_does_not_get_into_kafka(cluster):
    ahead_ms = int(time.time() * 1000) + 86_400_000
    data = batch(rows(b"say"), 0, ahead_ms)
    with pytest.raises(KafkaError) as refused:
        await send_batches(cluster.connection, f"{cluster.prefix}.in", 0, data)
    assert "Timestamp" in refused.type.__name__


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:HEAD] + b"\x00" + data[HEAD + 1 :],
        lambda data: sealed(data, 4, b"not packed at all"),
        lambda data: sealed(data, None, data[HEAD:-3]),
    ],
    ids=["checksum", "compression", "cut"],
)
async def test_a_batch_that_is_not_one_does_not_get_into_kafka(cluster, spoil):
    data = spoil(batch(rows(b"say"), 0, int(time.time() * 1000)))
    with pytest.raises(KafkaError):
        await send_batches(cluster.connection, f"{cluster.prefix}.in", 0, data)
    assert (await cluster.read("in"))[0] == {}
