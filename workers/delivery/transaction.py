"""One Kafka transaction to one partition number of several Kafka topics."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from aiokafka.errors import InvalidTimestampError
from aiokafka.producer.message_accumulator import BatchBuilder
from msgspec import Struct

from workers.delivery.clients import Connection
from workers.delivery.exits import DeliveryError
from workers.delivery.records import Headers

if TYPE_CHECKING:
    from aiokafka import AIOKafkaProducer

MAX_ROW_BYTES: Final = 950_000
MAX_REQUEST_BYTES: Final = MAX_ROW_BYTES + 50_000
_TRANSACTION_TIMEOUT_MS: Final = 15_000
"""How long Kafka keeps the open transaction of a process that died unreplaced."""
_COMMIT_TIMEOUT_S: Final = 20.0


class RowTooLargeError(DeliveryError):
    """A state that no broker would take; outputs are checked before."""


class Row(Struct, frozen=True, gc=False):
    """One record to write."""

    time_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers


class ClockError(DeliveryError):
    """Kafka does not take records of such a time; nothing of them is written."""

    def __init__(self, rows: Mapping[str, Sequence[Row]]) -> None:
        newest_ms = max(row.time_ms for each in rows.values() for row in each)
        newest = datetime.fromtimestamp(newest_ms / 1000, UTC).isoformat("T", "seconds")
        super().__init__(
            f"Kafka refuses records of {newest}: by default it takes none from more "
            "than an hour ahead; look whether the clock of this machine is right"
        )


class Transactions:
    """The one writer for a partition number, as long as nobody takes it over.

    Args:
        connection: To Kafka.
        transactional_id: Whoever starts last with this id is the writer; the one
            before is fenced, and what it left open is aborted.
        partition: The partition number it writes to.
    """

    def __init__(
        self, connection: Connection, transactional_id: str, partition: int
    ) -> None:
        self._partition = partition
        self._producer: AIOKafkaProducer = connection.producer(
            transactional_id=transactional_id,
            transaction_timeout_ms=_TRANSACTION_TIMEOUT_MS,
            max_batch_size=MAX_ROW_BYTES,
            max_request_size=MAX_REQUEST_BYTES,
            request_timeout_ms=10_000,
            retry_backoff_ms=20,
        )

    async def start(self) -> None:
        """Become the writer, and fence the one before."""
        await self._producer.start()

    async def stop(self) -> None:
        """Let go of the connection."""
        await self._producer.stop()

    async def write(self, rows: Mapping[str, Sequence[Row]]) -> None:
        """Write the rows of each Kafka topic, in order: all of them or none.

        Raises:
            TimeoutError: Kafka does not answer; whether it is written is not known.
            KafkaError: it is not written, or not known to be; `ProducerFenced` if
                another process is the writer now.
            RowTooLargeError: see `check`.
            ClockError: it is dated too far ahead, or long ago.
        """
        self.check(rows)
        async with asyncio.timeout(_COMMIT_TIMEOUT_S):
            await self._producer.begin_transaction()
            topics = [(topic, self._batches(rows[topic])) for topic in rows]
            sent = await asyncio.gather(*(self._send(*topic) for topic in topics))
            # Each one must be awaited: commit_transaction says nothing of a batch
            # that failed.
            try:
                await asyncio.gather(
                    *(delivery for topic in sent for delivery in topic)
                )
            except InvalidTimestampError as error:
                raise ClockError(rows) from error
            await self._producer.commit_transaction()

    async def abort(self, topics: Iterable[str]) -> None:
        """Abort a transaction over these Kafka topics, and with it what hangs there.

        Whatever of this writer's id was never ended in a log ends as its next
        transaction there does.

        Raises:
            TimeoutError: Kafka does not answer.
            KafkaError: see `write`.
        """
        async with asyncio.timeout(_COMMIT_TIMEOUT_S):
            await self._producer.begin_transaction()
            sent = [
                await self._producer.send(
                    topic, b"", key=b"unended", partition=self._partition
                )
                for topic in topics
            ]
            await asyncio.gather(*sent)
            await self._producer.abort_transaction()

    async def _send(
        self, topic: str, batches: list[BatchBuilder]
    ) -> list[asyncio.Future[object]]:
        # One after the other: the order in a Kafka topic is the order of decisions.
        return [
            await self._producer.send_batch(batch, topic, partition=self._partition)
            for batch in batches
        ]

    @staticmethod
    def check(rows: Mapping[str, Sequence[Row]]) -> None:
        """Look at the sizes of rows that are to be written.

        Raises:
            RowTooLargeError: No broker would take one of them.
        """
        for topic, each in rows.items():
            for row in each:
                size = len(row.key or b"") + len(row.value or b"")
                if size > MAX_ROW_BYTES:
                    raise RowTooLargeError(
                        f"{size} bytes for {topic}, at most {MAX_ROW_BYTES}"
                    )

    def _batches(self, rows: Sequence[Row]) -> list[BatchBuilder]:
        batch = self._producer.create_batch()
        batches = [batch]
        for row in rows:
            if _append(batch, row) is None:  # full
                batch = self._producer.create_batch()
                batches.append(batch)
                _append(batch, row)
        return batches


def _append(batch: BatchBuilder, row: Row) -> object:
    return batch.append(
        timestamp=row.time_ms,
        key=row.key,
        value=row.value,
        headers=list(row.headers),
    )
