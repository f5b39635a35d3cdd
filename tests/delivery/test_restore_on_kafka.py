"""State read back from a real Kafka."""

import gc

import pytest

from tests.delivery.kafka_runs import Cluster
from tests.delivery.toy import Count
from workers.delivery.exits import StateUnreadableError
from workers.delivery.position import POSITION_KEY, Position, encode_position
from workers.delivery.restore import restore
from workers.delivery.transaction import Row, Transactions

VERSION = (("state_version", b"2"),)
PARTITIONS = range(4)


def count(said: int) -> Count:
    return Count(said=said, crc=0, silences=0, deadline_ms=9)


def row(cluster: Cluster, key: bytes, said: int | None) -> Row:
    value = None if said is None else cluster.rules.encode_state(count(said))
    return Row(1, key, value, VERSION if value else ())


def position(number: int, offset: int) -> Row:
    place = Position(next={"in": offset + number})
    return Row(1, POSITION_KEY, encode_position(place), ())


async def write(cluster: Cluster, number: int, *turns: list[Row]) -> None:
    """Write turns, and take over as an owner does before it reads state back.

    Kafka answers a commit before its markers are in the logs, and until then nobody
    reads what was committed; but it lets no next writer start before they are.
    """
    name = f"{cluster.prefix}-{number}"
    writer = Transactions(cluster.connection, name, number)
    await writer.start()
    for rows in turns:
        await writer.write({f"{cluster.prefix}.state": rows})
    await writer.stop()
    next_writer = Transactions(cluster.connection, name, number)
    await next_writer.start()
    await next_writer.stop()


async def read(cluster: Cluster, progress=lambda *_: None):
    topic = f"{cluster.prefix}.state"
    return await restore(cluster.connection, cluster.rules, topic, PARTITIONS, progress)


async def test_of_each_key_the_newest_committed_state_is_read_back(cluster):
    for number in PARTITIONS[:3]:
        kept, gone = b"kept %d" % number, b"gone %d" % number
        await write(
            cluster,
            number,
            [row(cluster, kept, 1), row(cluster, gone, 1), position(number, 1)],
            [row(cluster, gone, None), row(cluster, kept, 2), position(number, 2)],
        )
    writer = cluster.connection.producer(transactional_id=f"{cluster.prefix}-aborted")
    await writer.start()
    await writer.begin_transaction()
    late = row(cluster, b"kept 0", 3)
    await writer.send_and_wait(
        f"{cluster.prefix}.state",
        key=late.key,
        value=late.value,
        headers=list(VERSION),
        partition=0,
    )
    await writer.abort_transaction()
    await writer.stop()
    told = []
    restored = await read(cluster, lambda *now: told.append(now))
    assert restored.keys() == set(PARTITIONS)
    for number in PARTITIONS[:3]:
        states, at, sizes = restored[number]
        key = b"kept %d" % number
        assert states == {key: count(2)}
        assert at == Position(next={"in": 2 + number})
        assert sizes == {key: len(cluster.rules.encode_state(count(2)))}
    assert restored[3] == ({}, None, {})
    # Two turns of three records in three partitions; nothing is left to be read.
    assert told[-1] == (18, 0)


@pytest.mark.parametrize("good", [True, False])
async def test_the_collector_works_again_whatever_was_read_back(cluster, good):
    rows = [row(cluster, b"a", 1)] + [position(0, 1)] * good
    await write(cluster, 0, rows)
    if good:
        await read(cluster)
    else:
        with pytest.raises(StateUnreadableError):
            await read(cluster)
    assert gc.isenabled()
