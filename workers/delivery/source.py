"""Where turns come from: fetches by log, positions that can be set."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

from aiokafka import TopicPartition

from workers.delivery.records import Record


class Fetched(NamedTuple):
    """What a fetch of one log, a partition of an input, brought."""

    records: list[Record]
    first_offset: int
    """Where the fetch began."""
    next_offset: int
    """The next offset to fetch, past all markers."""
    end_offset: int | None
    """The log's end for us as Kafka last told; None: not yet."""
    answered_ms: int | None
    """When that was, in milliseconds since 1970."""

    @property
    def caught_up(self) -> bool:
        """Whether nothing was left to read when Kafka last answered."""
        return self.end_offset is not None and self.next_offset >= self.end_offset


class Source(Protocol):
    """Where turns come from: Faust's consumer."""

    async def fetch(
        self, logs: Iterable[TopicPartition], max_records: int, *, wait: bool
    ) -> Mapping[TopicPartition, Fetched]:
        """Return what there is of these logs, or nothing if they are not ours any more.

        Args:
            logs: Partitions of the inputs.
            max_records: So many at most of one input.
            wait: If there is nothing, for a while.
        """

    async def set_positions(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Set the next offset of these logs."""

    async def commit_group_offsets(
        self, offsets: Mapping[TopicPartition, int], until: float
    ) -> None:
        """Tell the group where we are, for tools that watch lag; once, or not at all.

        Args:
            offsets: The next one of each log.
            until: When it is too late to ask, on the monotonic clock.
        """
