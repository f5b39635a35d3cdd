"""What comes in from Kafka and what goes out to it, as plain values."""

from typing import Final, NamedTuple, TypeAlias

Headers: TypeAlias = tuple[tuple[str, bytes], ...]
ReadHeaders: TypeAlias = tuple[tuple[str, bytes | None], ...]
"""Of others: Kafka lets a header have no value."""

MAX_OUTPUT_BYTES: Final = 900_000
"""Key, value and headers of one output. Brokers take 1 MiB a batch by default."""

_RECORD_OVERHEAD_BYTES: Final = 40
_HEADER_OVERHEAD_BYTES: Final = 10


class Record(NamedTuple):
    """One record as read, undecoded."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    """Milliseconds since 1970, by the producer's or the broker's clock; -1: none."""
    key: bytes | None
    value: bytes | None
    headers: ReadHeaders = ()

    @property
    def timestamp(self) -> int:
        """The same time by aiokafka's name, for all who read with its consumers."""
        return self.timestamp_ms


class Output(NamedTuple):
    """One record to write; it goes to the partition number its input came from."""

    topic: str
    """Full name of the Kafka topic, with its prefix."""
    key: bytes | None
    value: bytes | None
    headers: Headers = ()

    def size_bytes(self) -> int:
        """Return an upper bound of what it takes up in a batch."""
        size = _RECORD_OVERHEAD_BYTES + len(self.topic)
        size += len(self.key or b"") + len(self.value or b"")
        for name, value in self.headers:
            size += 4 * len(name) + len(value) + _HEADER_OVERHEAD_BYTES
        return size


class TimedOutput(NamedTuple):
    """An output with the time of its decision, which becomes its Kafka timestamp.

    Not the time of writing: whoever reads us later, or after we were late, sees the
    times at which things happened, and a replay gives the same bytes.
    """

    time_ms: int
    output: Output


class Rejection(NamedTuple):
    """A record that could not be used: where it was, and why."""

    topic: str
    partition: int
    offset: int
    reason: str
    error: str
