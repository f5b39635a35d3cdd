"""What of a Kafka topic is not as it would be created now."""

import uuid

import pytest
from aiokafka.admin import NewTopic

from workers.delivery.clients import Connection
from workers.delivery.kafka_topics import WantedTopic, check_topics, create_topics
from workers.delivery.topic_settings import Difference, compared, differences

ENOUGH = {"max.message.bytes": "1048588", "min.insync.replicas": "1"}


@pytest.fixture
def connection(kafka):
    return Connection(bootstrap=kafka.bootstrap)


@pytest.fixture
def name():
    return f"set-{uuid.uuid4().hex[:8]}"


async def created(connection, name, **config):
    """Create one as an earlier build, or somebody else, did."""
    settings = {key.replace("_", "."): value for key, value in config.items()}
    admin = connection.admin()
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, 1, 1, topic_configs=settings)])
    finally:
        await admin.close()


async def test_what_is_created_now_does_not_differ(connection, name):
    wanted = [
        WantedTopic(name=f"{name}.in", partitions=1, retention_ms=3_600_000),
        WantedTopic(name=f"{name}.state", partitions=1, compacted=True),
    ]
    await create_topics(connection, wanted)
    assert await differences(connection, wanted) == []


async def test_a_state_of_an_earlier_build_passes_the_check_and_each_setting_is_told(
    connection, name
):
    await created(connection, name, cleanup_policy="compact", segment_bytes="1048576")
    wanted = [WantedTopic(name=name, compacted=True)]
    await check_topics(connection, wanted)
    found = await differences(connection, wanted)
    assert {each.topic for each in found} == {name}
    assert {each.setting for each in found} == {
        *("min.cleanable.dirty.ratio", "segment.ms", "segment.bytes"),
        *("delete.retention.ms", "max.compaction.lag.ms"),
    }
    assert Difference(name, "segment.bytes", "1048576", "16777216") in found


async def test_a_longer_retention_and_a_small_limit_of_records_are_told(
    connection, name
):
    await created(connection, name, retention_ms="7200000", max_message_bytes="500000")
    wanted = [WantedTopic(name=name, retention_ms=3_600_000)]
    await check_topics(connection, wanted)
    assert await differences(connection, wanted) == [
        Difference(name, "retention.ms", "7200000", "3600000"),
        Difference(name, "max.message.bytes", "500000", "1048588"),
    ]


async def test_one_that_is_missing_is_left_to_the_check_and_not_created(
    connection, name
):
    wanted = [WantedTopic(name=name)]
    assert await differences(connection, wanted) == []
    assert await differences(connection, wanted) == []


@pytest.mark.parametrize(
    ("copies", "in_sync", "better"),
    [(1, 1, None), (2, 1, None), (3, 2, None), (3, 1, "2"), (1, 2, "1"), (3, 4, "2")],
)
def test_as_many_copies_are_waited_for_as_can_be_missed_by_one(copies, in_sync, better):
    config = {**ENOUGH, "cleanup.policy": "delete", "min.insync.replicas": str(in_sync)}
    found = [each.wanted for each in compared(WantedTopic(name="t"), config, copies)]
    assert found == ([] if better is None else [better])


def test_a_retention_without_an_end_is_longer_than_any():
    config = {**ENOUGH, "cleanup.policy": "delete", "retention.ms": "-1"}
    [found] = compared(WantedTopic(name="t", retention_ms=1), config, 1)
    assert (found.has, found.wanted) == ("-1", "1")
