"""Kafka topics made and checked on a real Kafka."""

import uuid
from typing import Any

import pytest

from workers.delivery.clients import Connection
from workers.delivery.kafka_topics import (
    TopicsError,
    WantedTopic,
    check_topics,
    create_topics,
)


@pytest.fixture
def connection(kafka: Any) -> Connection:
    return Connection(bootstrap=kafka.bootstrap)


@pytest.fixture
def name() -> str:
    return f"topics-{uuid.uuid4().hex[:8]}"


async def test_what_is_created_passes_the_check_and_is_not_created_twice(
    connection, name
):
    wanted = [
        WantedTopic(name=f"{name}.in", partitions=3, retention_ms=3_600_000),
        WantedTopic(name=f"{name}.state", partitions=3, compacted=True),
    ]
    assert await create_topics(connection, wanted) == [f"{name}.in", f"{name}.state"]
    assert await create_topics(connection, wanted) == []
    await check_topics(connection, wanted)


async def test_records_may_be_kept_for_longer_than_is_asked_for(connection, name):
    kept = WantedTopic(name=name, partitions=1, retention_ms=3_600_000)
    await create_topics(connection, [kept])
    await check_topics(connection, [WantedTopic(name=name, retention_ms=60_000)])


async def test_more_copies_than_brokers_are_a_fault_of_their_own(connection, name):
    with pytest.raises(TopicsError) as error:
        await create_topics(connection, [WantedTopic(name=name, partitions=1)], 3)
    [fault] = error.value.faults
    assert (fault.kind, fault.topic) == ("copies", name)


async def test_all_that_is_wrong_is_told_at_once(connection, name):
    await create_topics(
        connection,
        [
            WantedTopic(name=f"{name}.in", partitions=3, retention_ms=3_600_000),
            WantedTopic(name=f"{name}.state", partitions=2),
        ],
    )
    with pytest.raises(TopicsError) as error:
        await check_topics(
            connection,
            [
                WantedTopic(name=f"{name}.in", partitions=4, retention_ms=7_200_000),
                WantedTopic(name=f"{name}.state", compacted=True),
                WantedTopic(name=f"{name}.out"),
            ],
        )
    assert tuple(map(str, error.value.faults)) == (
        f"{name}.in has 3 partitions, not 4",
        f"{name}.in has retention.ms 3600000, not 7200000 or more",
        f"{name}.state has cleanup.policy delete, not compact",
        f"{name}.out does not exist",
        f"{name}.in has 3 partitions, and others do not",
        f"{name}.state has 2 partitions, and others do not",
    )
    with pytest.raises(TopicsError, match="does not exist"):  # asking made none
        await check_topics(connection, [WantedTopic(name=f"{name}.out")])
