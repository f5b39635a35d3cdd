"""Where turns come from: fetches by partition, positions that can be set."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

from workers.delivery.records import Record


class Fetched(NamedTuple):
    """What one partition's fetch brought."""

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
        self, partitions: Iterable[int], max_records: int
    ) -> Mapping[int, Fetched]:
        """Return what there is of these partitions; waits for a while if nothing."""

    async def set_positions(self, offsets: Mapping[int, int]) -> None:
        """Set the next offset of these partitions."""

    async def commit_group_offsets(self, offsets: Mapping[int, int]) -> None:
        """Tell the group where we are, for tools that watch lag."""
