"""Where a worker goes on, on a real Kafka: what fits the logs and what does not."""

import asyncio
import signal
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from tests.delivery.kafka_runs import Cluster, owns_partitions
from tests.delivery.toy import INPUTS
from tests.kafka_log import until
from workers.delivery.exits import Exit
from workers.delivery.position import POSITION_KEY, Position, encode_position


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


async def test_records_deleted_before_a_running_worker_has_read_them_are_told_exactly(
    cluster, start
):
    said = {"key": b"a", "value": b"say " + b"x" * 200_000, "partition": 0}
    worker = start(max_records=1, min_turn_ms=500)
    # Before its first turn it stands nowhere: it would begin where the log begins then.
    await cluster.write("in", [said], max_request_size=2**20)
    await until(cluster.is_drained)
    # More than it fetches ahead, and slower than they are deleted.
    await cluster.write("in", [said] * 30, max_request_size=2**20)
    admin = cluster.connection.admin()
    await admin.start()
    log = TopicPartition(f"{cluster.prefix}.in", 0)
    await admin.delete_records({log: RecordsToDelete(before_offset=30)})
    await admin.close()
    assert await worker.exit_code(60) == Exit.POSITION
    position = (await cluster.positions())[0]
    told = b"-0: records %d to 29 were deleted" % position.next[log.topic]
    assert told in worker.log.read_bytes()


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
    await cluster.write("state", [position_row(cluster, 0, open=True)])
    worker = start()
    await until(cluster.is_drained)
    assert await worker.end(signal.SIGTERM) == Exit.OK
    assert not (await cluster.positions())[0].open


async def test_a_log_that_ends_in_a_marker_may_be_deleted_once_it_is_read(
    cluster, start
):
    """Kafka deletes the marker of the last transaction with the records before it."""
    log = TopicPartition(f"{cluster.prefix}.in", 0)
    producer = cluster.connection.producer(transactional_id=f"{cluster.prefix}-writer")
    await producer.start()
    for number in range(3):
        async with producer.transaction():
            said = b"say %d" % number
            await producer.send(log.topic, key=b"a", value=said, partition=0)
    await producer.stop()
    worker = start()
    await until(cluster.is_drained)
    assert await worker.end(signal.SIGTERM) == Exit.OK
    admin = cluster.connection.admin()
    await admin.start()
    await admin.delete_records({log: RecordsToDelete(before_offset=-1)})
    await admin.close()
    worker = start()
    await until(lambda: owns_partitions(worker))
    await cluster.write("in", [{"key": b"a", "value": b"say 3", "partition": 0}])
    await until(cluster.is_drained)
    assert await worker.end(signal.SIGTERM) == Exit.OK


async def test_what_kafka_refuses_to_write_quarantines_no_innocent_record(
    cluster, start
):
    await cluster.write("in", [{"key": b"a", "value": b"say", "partition": 0}])
    worker = start(instance_id="one")
    await until(cluster.is_drained)
    await largest_output(cluster, 110)
    rows = [{"key": b"a", "value": b"say %d" % at, "partition": 0} for at in range(5)]
    await cluster.write("in", rows)
    for _ in range(4):
        assert await worker.exit_code() == Exit.UNEXPECTED
        worker = start(instance_id="one")
    assert await worker.exit_code() == Exit.UNEXPECTED
    await largest_output(cluster, 1_048_588)
    worker = start(instance_id="one")
    await until(cluster.is_drained)
    assert await worker.end(signal.SIGTERM) == Exit.OK
    assert not any((await cluster.read("rejected")).values())
    assert await cluster.check() == []


async def largest_output(cluster: Cluster, size_bytes: int) -> None:
    """Let Kafka refuse larger batches of outputs."""
    admin = cluster.connection.admin()
    await admin.start()
    config = {"max.message.bytes": str(size_bytes)}
    topic = f"{cluster.prefix}.out"
    await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, config)])
    await admin.close()
