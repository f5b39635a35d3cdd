"""Transactions that Kafka never ended, looked for when a partition is taken over.

By fencing, Kafka ends what the writer before had left. But a coordinator that comes
back while a log has no leader takes it for a deleted one: it writes no marker into it,
and calls the transaction complete (4.3.1, after all replicas had been killed; decision
96). Readers then see nothing behind it, until the next transaction of the same producer
ends it as if it were its own.
"""

import time
from collections.abc import Collection, Iterable
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from workers.delivery.clients import Connection

_FETCH_WAIT_MS: Final = 10
_ANSWER_MS: Final = 10
PATIENCE_S: Final = 5.0


async def unended(
    connection: Connection,
    logs: Iterable[TopicPartition],
    *,
    patience_s: float | None = None,
) -> set[TopicPartition]:
    """Return the logs in which a transaction stays open.

    A Kafka that does not answer tells nothing, so it is waited for without end.

    Args:
        connection: To Kafka.
        logs: Whoever asks is their only writer, and has begun nothing.
        patience_s: How long a marker is waited for; `PATIENCE_S` if nothing is said.
    """
    left = set(logs)
    consumer = connection.consumer(fetch_max_wait_ms=_FETCH_WAIT_MS)
    await consumer.start()
    try:
        consumer.assign(list(left))
        until = time.monotonic() + (PATIENCE_S if patience_s is None else patience_s)
        while left:
            left = await _open(consumer, left)
            answered = all(consumer.highwater(each) is not None for each in left)
            if answered and time.monotonic() > until:
                break
    finally:
        await consumer.stop()
    return left


async def _open(
    consumer: AIOKafkaConsumer, logs: Collection[TopicPartition]
) -> set[TopicPartition]:
    """Return the logs of which no fetch has told yet that all in them is ended."""
    for each, end in (await consumer.end_offsets(list(logs))).items():
        consumer.seek(each, end)
    await consumer.getmany(*logs, timeout_ms=_ANSWER_MS)
    return {each for each in logs if not _is_ended(consumer, each)}


def _is_ended(consumer: AIOKafkaConsumer, log: TopicPartition) -> bool:
    written = consumer.highwater(log)
    return written is not None and written == consumer.last_stable_offset(log)
