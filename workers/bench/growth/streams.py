"""What a record costs as more streams are live, all else equal.

Every stream stands in the middle of the demo's talk, and hears its next record. Turns
are of as many records, whatever the number of streams. What a turn of ``merge`` changes
is put back after it, so that no stream gets older; ``topics`` keeps no more of a stream
that is older, but remembers it from one record to the next, so there they go on.
"""

import gc
import random
import statistics
from collections.abc import Callable, Sequence
from typing import Any, Final

from msgspec import Struct

from workers.agents.merge import MergeRules
from workers.agents.topics import TopicRules
from workers.bench.growth.copies import NOW_MS, Copies, MergeCopies, TopicCopies
from workers.bench.growth.partition import Partition
from workers.delivery.rules import Rules

SIZES: Final = (10, 100, 1_000, 10_000, 20_000)
_TURN: Final = 10
"""Records of a turn, each of another stream."""


class Cost(Struct, frozen=True):
    """What a record of one agent costs with so many streams."""

    agent: str
    streams: int
    cpu_us: float
    """The median of the rounds."""
    against_fewest: float
    """Of the same round's cost with the fewest streams; the median of the rounds."""


def costs(
    merge: MergeRules,
    topics: TopicRules,
    sizes: Sequence[int],
    *,
    rounds: int = 7,
    turns: int = 150,
) -> list[Cost]:
    """Measure both agents with each number of streams, in rounds that take turns.

    Args:
        merge: Rules of agent ``merge``.
        topics: Those of agent ``topics``, of the same prefix.
        sizes: Numbers of live streams, the fewest first.
        rounds: Each measures every size once; one more warms up.
        turns: Of a round, for each size.
    """
    return [
        *_agent("merge", merge, lambda: MergeCopies(merge), sizes, rounds, turns),
        *_agent(
            "topics", topics, lambda: TopicCopies(merge, topics), sizes, rounds, turns
        ),
    ]


def _agent(
    agent: str,
    rules: Rules[Any],
    make: Callable[[], Copies],
    sizes: Sequence[int],
    rounds: int,
    turns: int,
) -> list[Cost]:
    filled: list[tuple[Partition[Any], Copies, range]] = []
    first = 0
    for size in sizes:
        copies, partition = make(), Partition(rules)
        # Names of their own: what the rules remember is remembered by name.
        streams = range(first, first + size)
        first += size
        partition.put_back(dict(map(copies.state, streams)))
        if copies.goes_on:  # what is remembered of each stream is made at its first
            partition.turn(list(map(copies.record, streams)), NOW_MS)
        filled.append((partition, copies, streams))
    # As after a restore: what was read back is never looked at by the collector.
    gc.collect()
    gc.freeze()
    spent: list[list[float]] = []
    for number in range(rounds + 1):
        order = random.Random(number)  # noqa: S311  # which streams, not a secret
        spent.append([_round(*one, turns, order) for one in filled])
    del spent[0]  # warmed up
    return [
        Cost(
            agent,
            size,
            statistics.median(one[place] for one in spent),
            statistics.median(one[place] / one[0] for one in spent),
        )
        for place, size in enumerate(sizes)
    ]


def _round(
    partition: Partition[Any],
    copies: Copies,
    streams: range,
    turns: int,
    order: random.Random,
) -> float:
    """Return the microseconds of a record."""
    partition.cpu_s, partition.records = 0.0, 0
    for _ in range(turns):
        heard = order.sample(streams, _TURN)
        said = list(map(copies.record, heard))
        kept = {one.key: partition.store.get(one.key) for one in said if one.key}
        partition.turn(said, NOW_MS)
        if not copies.goes_on:
            partition.put_back(kept)
    return partition.cpu_s / partition.records * 1e6
