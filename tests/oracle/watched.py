"""What the oracle has to know of a worker: what it reads, decides by and writes."""

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.oracle.dump import Entry
from workers.delivery.rules import Rules


class Rejected(NamedTuple):
    """What the headers of a rejected record say."""

    topic: str
    offset: int
    reason: str


class Watched(NamedTuple):
    """One agent. Kafka topics are named in full."""

    rules: Rules[Any]
    group: str
    inputs: tuple[str, ...]
    """In the order of the agent's settings."""
    outputs: tuple[str, ...]
    """Where it writes, but for its state; the rejected records too."""
    state: str
    """Nothing of it compacted, or turns cannot be decided again."""
    rejected: str
    marks: Callable[[Entry], Rejected]
    """Reads the headers of a rejected record."""
    is_own: Callable[[Entry], bool] = lambda _: True
    """Tells the agent's records where others write to the same Kafka topic."""
    by_rule: frozenset[str] = frozenset()
    """Reasons for which a record that can be used is rejected all the same."""

    @property
    def topics(self) -> tuple[str, ...]:
        """All its Kafka topics."""
        return (*self.inputs, *self.outputs, self.state)


class Sent(NamedTuple):
    """One record as whoever sent it remembers it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    reason: str | None
    """Why it must be rejected; None: it can be used."""
