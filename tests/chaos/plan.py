"""Which faults a run makes, and when: all from one seed, so that a run can be repeated.

What a fault hits is decided when it comes, by dice of its own; so two runs of a seed
have the same faults in the same order with the same dice, though not at the same
microsecond.
"""

import random
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

from tests.chaos import broker_faults, network_faults, process_faults

Fault = Callable[..., Awaitable[dict[str, Any] | None]]

FAULTS: Final[dict[str, Fault]] = {
    each.__name__.replace("_", " "): each
    for each in (
        process_faults.kill,
        process_faults.kill_at_a_point,
        process_faults.kill_at_its_start,
        process_faults.kill_while_it_leaves,
        process_faults.kill_all,
        process_faults.term,
        process_faults.join_and_leave,
        process_faults.zombie,
        process_faults.zombie_at_a_point,
        process_faults.pause,
        process_faults.clock_jump,
        broker_faults.broker_kill,
        broker_faults.broker_stop,
        broker_faults.broker_pause,
        broker_faults.disk_full,
        broker_faults.all_brokers_away,
        network_faults.late_end,
        network_faults.lost_end_answer,
        network_faults.late_end_answer,
        network_faults.late_add_partitions,
        network_faults.late_produce,
        network_faults.cut,
        network_faults.slow,
        network_faults.silent,
    )
}
ON_PROCESSES: Final = FAULTS.keys() - {
    *("broker kill", "broker stop", "broker pause", "disk full", "all brokers away"),
    "join and leave",
}
"""Those that are done to one process, which no other may be done to meanwhile."""
LONG: Final = {
    "kill": 26,
    "kill at a point": 36,
    "kill at its start": 8,
    "kill while it leaves": 6,
    "kill all": 10,
    "term": 34,
    "join and leave": 20,
    "zombie": 12,
    "zombie at a point": 14,
    "pause": 4,
    "clock jump": 4,
    "broker kill": 6,
    "broker stop": 5,
    "broker pause": 2,
    "disk full": 1,
    "all brokers away": 1,
    "late end": 24,
    "lost end answer": 8,
    "late end answer": 4,
    "late add partitions": 4,
    "late produce": 4,
    "cut": 5,
    "slow": 2,
    "silent": 3,
}
"""How often in a run of `LONG_MINUTES`; in shorter ones in proportion. With three
processes killed at once ten times, it is kill -9 114 times; some come to nothing."""
LONG_MINUTES: Final = 24
SHORT: Final = {
    "kill": 1,
    "kill at a point": 2,
    "term": 1,
    "join and leave": 1,
    "zombie at a point": 1,
    "broker kill": 1,
    "late end": 2,
    "lost end answer": 1,
}
"""The mix of ``make test``."""


class Planned(NamedTuple):
    """One fault to come."""

    number: int
    kind: str
    at_s: float
    dice: random.Random


def plan(seed: int, seconds: float, counts: dict[str, int]) -> list[Planned]:
    """Return the faults of a run, evenly spread over its time."""
    kinds = [kind for kind, count in sorted(counts.items()) for _ in range(count)]
    random.Random(seed).shuffle(kinds)
    return [
        Planned(
            number,
            kind,
            seconds * number / len(kinds),
            random.Random(f"{seed}-{number}"),
        )
        for number, kind in enumerate(kinds)
    ]


def scaled(minutes: float) -> dict[str, int]:
    """Return the long mix for so many minutes; each kind at least once in ten."""
    share = minutes / LONG_MINUTES
    return {
        kind: max(round(count * share), int(minutes >= 10))
        for kind, count in LONG.items()
    }
