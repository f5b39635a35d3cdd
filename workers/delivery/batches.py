"""Batches of records as Kafka sends them, read so that none can end the process.

aiokafka reads all that a sound producer writes. Two things it does not survive, and
Kafka lets both in, since it looks neither at the names of headers nor at what a batch
unpacks to:

- a header whose *name* is not UTF-8 makes the whole fetch raise, again after each
  restart, for ever;
- a few kilobytes that unpack to gigabytes take the memory of the process.

Here a name keeps its odd bytes as surrogates, what a batch unpacks to is bounded, and
a batch, or the rest of one, that cannot be read becomes one record with its bytes.
`workers.delivery.unreadable` tells such records apart, so that they are rejected like
any other and their neighbours are decided as ever.

The layout of a batch is Kafka's (record format v2). Older formats, which Kafka 4 takes
from no producer, are left to aiokafka.
"""

import struct
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBatch
from aiokafka.record.legacy_records import LegacyRecordBatch

from workers.delivery.records import Record
from workers.delivery.unpacking import TooLargeError, unpack
from workers.delivery.unreadable import marked, text_of

MAX_BATCH_BYTES: Final = 8 * 1024 * 1024
"""Unpacked. A producer's batch has 16 KiB by default, and 1 MiB if it is set so."""
_USUAL_RATIO: Final = 32
"""JSON packs to a tenth or so; room for more is made when it is needed."""

_LENGTH: Final = struct.Struct(">8xi")
_LOG_OVERHEAD: Final = 12
_MAGIC_AT: Final = 16
_MAGIC: Final = 2
_HEAD: Final = struct.Struct(">qiibIhiqqqhii")
_ATTRIBUTES: Final = struct.Struct(">h")
_ATTRIBUTES_AT: Final = 21
_CODEC_MASK: Final = 0x07


def read_carefully() -> None:
    """Have all of aiokafka's consumers in this process read as told above."""
    fetcher.MemoryRecords = Batches
    fetcher.PartitionRecords = _Records


class Batches:
    """The batches of one fetch of one log, in place of aiokafka's ``MemoryRecords``.

    Args:
        data: As fetched; the last batch may be cut off.
    """

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._at = 0

    def size_in_bytes(self) -> int:
        """Return how much was fetched."""
        return len(self._data)

    def has_next(self) -> bool:
        """Tell whether one more batch is whole."""
        return self._end() is not None

    def next_batch(self) -> Any:
        """Return the next batch, None if there is none.

        Raises:
            CorruptRecordException: it is too short to be one.
        """
        end = self._end()
        if end is None:
            return None
        batch = self._data[self._at : end]
        self._at = end
        if len(batch) <= _MAGIC_AT:
            raise CorruptRecordException("a batch of records is too short")
        if batch[_MAGIC_AT] < _MAGIC:
            return LegacyRecordBatch(batch, batch[_MAGIC_AT])
        if len(batch) < _HEAD.size:
            raise CorruptRecordException("a batch of records is too short")
        guarded = _Batch(batch)
        # Kafka's own, of one record, never packed; aiokafka looks into it.
        return guarded.plain if guarded.is_control_batch else guarded

    def _end(self) -> int | None:
        if len(self._data) - self._at < _LOG_OVERHEAD:
            return None
        (length,) = _LENGTH.unpack_from(self._data, self._at)
        end: int = self._at + _LOG_OVERHEAD + length
        return end if end <= len(self._data) else None


class _Records(fetcher.PartitionRecords):  # type: ignore[misc]  # aiokafka is untyped
    """What a fetch brought of one log, as the records we work with."""

    def __iter__(self) -> Iterator[Record]:
        # aiokafka's own asks what unpacks for each record by a call of its own.
        records: Iterator[Record] = self._records_iterator
        return records

    def _consumer_record(self, tp: Any, record: Any) -> Record:
        # aiokafka's own is made of eleven fields, seven of which are wanted.
        return Record(
            tp.topic,
            tp.partition,
            record.offset,
            record.timestamp,
            record.key,
            record.value,
            tuple(record.headers),
        )


class _Record(NamedTuple):
    """A record as aiokafka's fetcher expects it."""

    offset: int
    timestamp: int
    timestamp_type: int
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]]
    checksum: None = None


class _Batch:
    """One batch; read by aiokafka as long as it can be."""

    def __init__(self, data: memoryview) -> None:
        self.plain = plain = DefaultRecordBatch(data)
        self._data = data
        self.base_offset: int = plain.base_offset
        self.next_offset: int = plain.next_offset
        self.producer_id: int = plain.producer_id
        self.is_control_batch: bool = plain.is_control_batch
        self.is_transactional: bool = plain.is_transactional

    def validate_crc(self) -> bool:
        """Tell whether the bytes are those that were sent."""
        return bool(self.plain.validate_crc())

    def __iter__(self) -> Iterator[Any]:
        """Yield each record, or one in place of those that cannot be read."""
        try:
            unpacked = self._unpacked()
        except TooLargeError:
            what = f"unpacks to more than {MAX_BATCH_BYTES} bytes"
            yield self._unread("batch_too_large", what)
            return
        except Exception as error:  # noqa: BLE001  # four libraries, and any bytes at all
            yield self._unread("batch_unreadable", f"cannot be unpacked: {error}")
            return
        read = 0
        try:
            for record in DefaultRecordBatch(unpacked):
                read += 1
                yield record
        except (CorruptRecordException, UnicodeDecodeError):
            yield from self._rest(unpacked, read)

    def _unpacked(self) -> memoryview:
        """Return the batch with its records unpacked, and marked so."""
        (attributes,) = _ATTRIBUTES.unpack_from(self._data, _ATTRIBUTES_AT)
        codec = attributes & _CODEC_MASK
        if not codec:
            return self._data
        usual = min(MAX_BATCH_BYTES, _USUAL_RATIO * len(self._data))
        try:
            batch, end = self._unpacked_into(codec, usual)
        except TooLargeError:
            batch, end = self._unpacked_into(codec, MAX_BATCH_BYTES)
        _ATTRIBUTES.pack_into(batch, _ATTRIBUTES_AT, attributes & ~_CODEC_MASK)
        return batch[:end]

    def _unpacked_into(self, codec: int, room: int) -> tuple[memoryview, int]:
        batch = memoryview(bytearray(_HEAD.size + room))
        batch[: _HEAD.size] = self._data[: _HEAD.size]
        size = unpack(codec, self._data[_HEAD.size :], batch[_HEAD.size :])
        return batch, _HEAD.size + size

    def _rest(self, unpacked: memoryview, read: int) -> Iterator[_Record]:
        """Read on where aiokafka stopped, letting odd names pass."""
        reader = _Reader(unpacked, self.plain)
        for number in range(self._count()):
            try:
                record = reader.record()
            except (IndexError, ValueError, struct.error) as error:
                yield self._unread("batch_unreadable", f"cannot be read: {error}")
                return
            if number >= read:
                yield record

    def _count(self) -> int:
        count: int = _HEAD.unpack_from(self._data)[-1]
        return count

    def _unread(self, reason: str, error: str) -> _Record:
        """Return one record for all that cannot be read.

        It has the last offset of the batch, so that it is seen wherever in the batch
        a fetch begins.
        """
        first, last = self.base_offset, self.next_offset - 1
        error = f"offsets {first} to {last}, a batch of {self._count()}: {error}"
        return _Record(
            last,
            self.plain.max_timestamp,
            self.plain.timestamp_type,
            None,
            bytes(self._data),
            [marked(reason, error)],
        )


class _Reader:
    """Reads records one after the other, never past the end of its batch."""

    def __init__(self, batch: memoryview, head: Any) -> None:
        self._data = batch
        self._at = _HEAD.size
        self._head = head

    def record(self) -> _Record:
        """Return the next record.

        Raises:
            ValueError: it is not laid out as a record.
            IndexError: it goes on behind the batch.
        """
        length = self._number()
        end = self._at + length
        if length < 0 or end > len(self._data):
            raise ValueError("a record is longer than its batch")
        self._number()  # attributes; none are in use
        passed_ms = self._number()
        offset = self._head.base_offset + self._number()
        key, value = self._bytes(), self._bytes()
        headers = [
            (text_of(self._bytes() or b""), self._bytes())
            for _ in range(self._number())
        ]
        if self._at != end:
            raise ValueError("a record is not as long as it says")
        at_append = self._head.timestamp_type
        first_ms, last_ms = self._head.first_timestamp, self._head.max_timestamp
        return _Record(
            offset,
            last_ms if at_append else first_ms + passed_ms,
            at_append,
            key,
            value,
            headers,
        )

    def _bytes(self) -> bytes | None:
        size = self._number()
        if size < 0:
            return None
        end = self._at + size
        if end > len(self._data):
            raise ValueError("a field is longer than its batch")
        found = bytes(self._data[self._at : end])
        self._at = end
        return found

    def _number(self) -> int:
        """Read a zigzag varint of at most 64 bits."""
        value = shift = 0
        while True:
            byte = self._data[self._at]
            self._at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:  # noqa: PLR2004  # the last one has no high bit
                return (value >> 1) ^ -(value & 1)
            shift += 7
            if shift > 63:  # noqa: PLR2004  # the width of the widest field
                raise ValueError("a number is too long")
