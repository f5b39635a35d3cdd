"""Kafka's record batches, taken apart byte by byte.

Our own reader, since what is looked for is what client libraries keep to themselves:
who wrote a batch (producer and epoch), in a transaction or not, and the markers that
end transactions. Layout: Kafka's documentation, "Record Batch", magic 2.
"""

import struct
from collections.abc import Iterator
from typing import Literal, NamedTuple

from aiokafka import codec

Marker = Literal["commit", "abort"]

_FRAME = struct.Struct(">qi")
"""Base offset, and the length of what follows."""
_HEAD = struct.Struct(">iBIhiqqqhii")
"""Leader epoch, magic, CRC, attributes, last offset delta, first and last timestamp,
producer id, its epoch, base sequence, number of records."""
_UNPACK = {
    1: codec.gzip_decode,
    2: codec.snappy_decode,
    3: codec.lz4_decode,
    4: codec.zstd_decode,
}
_CODEC, _LOG_TIME, _TRANSACTIONAL, _CONTROL = 0x07, 0x08, 0x10, 0x20


class RawRecord(NamedTuple):
    """One record as it lies in a log."""

    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]


class Batch(NamedTuple):
    """What one request of a producer left in a log, or a marker of the broker's."""

    first_offset: int
    last_offset: int
    producer_id: int
    """-1: none."""
    epoch: int
    transactional: bool
    marker: Marker | None
    records: tuple[RawRecord, ...]


def batches(data: bytes) -> Iterator[Batch]:
    """Yield the whole batches in *data*; a broker may cut the last one off."""
    place = 0
    while place + _FRAME.size <= len(data):
        base, length = _FRAME.unpack_from(data, place)
        end = place + _FRAME.size + length
        if end > len(data):
            return
        yield _batch(base, data[place + _FRAME.size : end])
        place = end


def _batch(base: int, data: bytes) -> Batch:
    fields = _HEAD.unpack_from(data)
    _, magic, _, attributes, last, first_ms, last_ms, producer, epoch, _, count = fields
    if magic != 2:
        raise ValueError(f"a batch of magic {magic}")
    body = data[_HEAD.size :]
    if attributes & _CODEC:
        body = _UNPACK[attributes & _CODEC](body)
    log_ms = last_ms if attributes & _LOG_TIME else None
    records = tuple(_records(body, count, base, first_ms, log_ms))
    marker: Marker | None = None
    if attributes & _CONTROL:
        (kind,) = struct.unpack_from(">h", records[0].key or b"", 2)
        marker = "commit" if kind == 1 else "abort"
    transactional = bool(attributes & _TRANSACTIONAL)
    return Batch(base, base + last, producer, epoch, transactional, marker, records)


def _records(
    body: bytes, count: int, base: int, first_ms: int, log_ms: int | None
) -> Iterator[RawRecord]:
    place = 0
    for _ in range(count):
        size, place = _number(body, place)
        end = place + size
        since_ms, place = _number(body, place + 1)  # past the unused attributes
        delta, place = _number(body, place)
        key, place = _bytes(body, place)
        value, place = _bytes(body, place)
        more, place = _number(body, place)
        headers = []
        for _ in range(more):
            name, place = _bytes(body, place)
            content, place = _bytes(body, place)
            # A name that is no text is still a name; two of them stay two.
            text = (name or b"").decode(errors="surrogateescape")
            headers.append((text, content))
        yield RawRecord(
            base + delta,
            first_ms + since_ms if log_ms is None else log_ms,
            key,
            value,
            tuple(headers),
        )
        place = end


def _number(data: bytes, place: int) -> tuple[int, int]:
    """Read a zigzag varint; return it and the place after it."""
    found = shift = 0
    while True:
        byte = data[place]
        place += 1
        found |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (found >> 1) ^ -(found & 1), place
        shift += 7


def _bytes(data: bytes, place: int) -> tuple[bytes | None, int]:
    size, place = _number(data, place)
    return (None, place) if size < 0 else (data[place : place + size], place + size)
