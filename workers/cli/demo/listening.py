"""What the worker writes, read back from Kafka as any client would."""

from collections.abc import Callable
from typing import Any

from schemas.codec import EVENT, BadMessageError
from schemas.fields import Message
from schemas.kafka_topics import (
    CAPTIONS,
    CUES,
    ENRICHED,
    METRICS,
    REJECTED,
    TOPICS,
    full_name,
)
from workers.cli.demo.latency import Kind, Stopwatch
from workers.cli.sending import let_go

READ = (CAPTIONS, CUES, ENRICHED, TOPICS, METRICS, REJECTED)
WAIT_MS = 100

Take = Callable[[Message], None]
Refused = Callable[[str], None]


class Listener:
    """Reads all that the worker writes under one prefix; committed records only.

    Args:
        consumer: Not started, without a group: it reads from the first record on.
        prefix: Of the Kafka topics.
        stopwatch: Is told of each caption.
    """

    def __init__(self, consumer: Any, prefix: str, stopwatch: Stopwatch) -> None:
        self._consumer = consumer
        self._stopwatch = stopwatch
        self._names = [full_name(prefix, topic) for topic in READ]
        self._rejected = full_name(prefix, REJECTED)
        self._kinds: dict[str, Kind] = {
            full_name(prefix, CAPTIONS): "caption",
            full_name(prefix, ENRICHED): "enriched",
        }

    async def start(self) -> None:
        """Connect, and know all partitions.

        Raises:
            KafkaError: Kafka cannot be reached.
        """
        self._consumer.subscribe(self._names)
        await self._consumer.start()

    async def stop(self) -> None:
        """Let go of Kafka."""
        await let_go(self._consumer.stop())

    async def read(self, take: Take, refused: Refused) -> int:
        """Wait a moment for records and hand them on; return how many there were.

        Args:
            take: Takes an event.
            refused: Takes the reason of a record that the worker could not use.
        """
        batches = await self._consumer.getmany(timeout_ms=WAIT_MS)
        count = 0
        for partition, records in batches.items():
            kind = self._kinds.get(partition.topic)
            for record in records:
                count += 1
                headers = dict(record.headers)
                if kind is not None:
                    self._stopwatch.read(kind, headers.get("traceparent"))
                if partition.topic == self._rejected:
                    reason = headers.get("rejected_reason", b"unknown")
                    refused(reason.decode(errors="replace"))
                    continue
                try:
                    take(EVENT.decode(record.key, record.value))
                except BadMessageError as error:
                    # Somebody else writes here too, or we have a bug: count it.
                    refused(error.reason)
        return count
