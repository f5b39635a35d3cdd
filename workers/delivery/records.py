"""What comes in from Kafka and what goes out to it, as plain values.

There are thousands of them in a turn: they are made quickly, and Python's collector
need not look at them (``gc=False``), since they hold nothing but text and bytes.
"""

from typing import NamedTuple, TypeAlias

from msgspec import Struct

Headers: TypeAlias = tuple[tuple[str, bytes], ...]
ReadHeaders: TypeAlias = tuple[tuple[str, bytes | None], ...]
"""Of others: Kafka lets a header have no value."""


class Record(Struct, frozen=True, gc=False):
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


class Output(Struct, frozen=True, gc=False):
    """One record to write; it goes to the partition number its input came from."""

    topic: str
    """Full name of the Kafka topic, with its prefix."""
    key: bytes | None
    value: bytes | None
    headers: Headers = ()


class TimedOutput(NamedTuple):
    """An output with the time of its decision, which becomes its Kafka timestamp.

    Not the time of writing: whoever reads us later, or after we were late, sees the
    times at which things happened, and a replay gives the same bytes.
    """

    time_ms: int
    output: Output


class Rejection(Struct, frozen=True, gc=False):
    """A record that could not be used: where it was, and why."""

    topic: str
    partition: int
    offset: int
    reason: str
    error: str
