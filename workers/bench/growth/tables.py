"""The figures of growth as tables."""

from collections.abc import Sequence

from workers.bench.growth.day import Hour
from workers.bench.growth.streams import Cost
from workers.bench.table import Table


def cost_table(costs: Sequence[Cost]) -> Table:
    """Return what a record costs as more streams are live."""
    return Table(
        "what a record costs as more streams are live",
        ("agent", "streams", "CPU µs a record", "against the fewest"),
        tuple(
            (one.agent, one.streams, round(one.cpu_us), round(one.against_fewest, 2))
            for one in costs
        ),
    )


def day_table(hours: Sequence[Hour]) -> Table:
    """Return how things stood after each hour."""
    return Table(
        "a day of streams that come and go",
        (
            *("hour", "segments", "streams so far", "entries merge", "entries topics"),
            *("state MiB", "memory MiB", "CPU µs a segment"),
        ),
        tuple(
            (
                *(one.hour, one.segments, one.streams),
                *(one.merge_entries, one.topics_entries),
                round(one.state_bytes / 2**20, 1),
                round(one.memory_bytes / 2**20),
                one.merge_us,
            )
            for one in hours
        ),
    )
