"""What a consumer group has committed, asked until Kafka is ready to tell."""

import asyncio
from typing import Any, Final

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

_TRIES: Final = 20
_PAUSE_S: Final = 0.25


async def group_offsets(
    admin: AIOKafkaAdminClient, group: str
) -> dict[TopicPartition, Any]:
    """Return the offsets of a group; empty if it never committed any.

    A broker that was never asked for a group first makes the Kafka topic of groups, and
    answers that it is not ready.

    Raises:
        KafkaError: Kafka does not tell, or not for seconds.
    """
    for left in reversed(range(_TRIES)):
        try:
            offsets: dict[
                TopicPartition, Any
            ] = await admin.list_consumer_group_offsets(group)
        except KafkaError as error:
            if not left or not error.retriable:
                raise
            await asyncio.sleep(_PAUSE_S)
        else:
            return offsets
    raise AssertionError("the last try returns or raises")
