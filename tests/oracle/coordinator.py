"""The book of Kafka's transaction coordinator: which logs each transaction was over.

A log shows only its own share of a transaction. The coordinator writes down all shares
before it ends one (``__transaction_state``), and so it can be told whether what lies in
two logs was committed together, or in two transactions of which the second might never
have come. Layout: Kafka's message definitions of TransactionLogKey and -Value.
"""

import struct
from collections.abc import Iterable, Iterator
from typing import Protocol

import msgspec

TOPIC = "__transaction_state"
_PREPARED_TO_COMMIT = 2


class Keyed(Protocol):
    """A record of the book."""

    @property
    def timestamp_ms(self) -> int:
        """When it was written."""

    @property
    def key(self) -> bytes | None:
        """Whose transaction."""

    @property
    def value(self) -> bytes | None:
        """What became of it."""


class Commit(msgspec.Struct, frozen=True, array_like=True):
    """One transaction that the coordinator decided to commit."""

    transactional_id: str
    producer_id: int
    timestamp_ms: int
    """When that was decided; its markers come after it, and before the next."""
    logs: tuple[tuple[str, int], ...]
    """Kafka topic and partition number of each log it wrote to."""


def commits(records: Iterable[Keyed]) -> Iterator[Commit]:
    """Yield the transactions that were committed, in the order of their ends."""
    for record in records:
        if record.key is None or record.value is None:
            continue
        (version, length) = struct.unpack_from(">hh", record.key)
        if version == 0:
            name = record.key[4 : 4 + length].decode()
            commit = _commit(name, record)
            if commit is not None:
                yield commit


def _commit(name: str, record: Keyed) -> Commit | None:
    value = record.value or b""
    fields = struct.unpack_from(">hqhib", value)
    version, producer_id, _, _, status = fields
    if status != _PREPARED_TO_COMMIT:
        return None
    reader = _Reader(value, struct.calcsize(">hqhib"), compact=version > 0)
    logs = []
    for _ in range(reader.count()):
        topic = reader.text()
        logs += [(topic, reader.int32()) for _ in range(reader.count())]
        reader.skip_tags()
    return Commit(name, producer_id, record.timestamp_ms, tuple(logs))


class _Reader:
    """Reads a value of the old layout, or of the compact one that followed."""

    def __init__(self, data: bytes, place: int, *, compact: bool) -> None:
        self.data = data
        self.place = place
        self.compact = compact

    def count(self) -> int:
        return self._varint() - 1 if self.compact else self.int32()

    def text(self) -> str:
        size = self._varint() - 1 if self.compact else self._take(">h")
        self.place += size
        return self.data[self.place - size : self.place].decode()

    def int32(self) -> int:
        return self._take(">i")

    def skip_tags(self) -> None:
        for _ in range(self._varint() if self.compact else 0):
            self._varint()
            self.place += self._varint()

    def _take(self, layout: str) -> int:
        (found,) = struct.unpack_from(layout, self.data, self.place)
        self.place += struct.calcsize(layout)
        return int(found)

    def _varint(self) -> int:
        found = shift = 0
        while True:
            byte = self.data[self.place]
            self.place += 1
            found |= (byte & 0x7F) << shift
            if byte < 0x80:
                return found
            shift += 7
