"""How large the states of agent ``merge`` are, and what it takes to write and read one.

Of the demo's talk and of all simulated recognisers, so that no form is made for one of
them. Looked at is the second half of each stream, where captions kept and forgotten are
as many as may be.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from statistics import median, quantiles
from typing import Any, Final

from workers.agents.merge import MergeRules
from workers.app import merge_rules
from workers.bench.simulator import KINDS, viewed
from workers.bench.states import lives_of_a_talk
from workers.bench.table import Cell, Table
from workers.core.lives import Live
from workers.settings import Settings

TYPICAL_BYTES: Final = 4_096
"""The aim for the median."""
MOST_BYTES: Final = 65_536
"""The bound for any."""
UTTERANCES: Final = 150
"""Of a simulated stream: some ten minutes."""
TALK: Final = "the demo's talk"

COLUMNS: Final = (
    *("recogniser", "states", "bytes", "aim", "p95", "most", "bound"),
    *("µs to write", "µs to read"),
)


def sizes_table(settings: Settings, utterances: int = UTTERANCES) -> Table:
    """Write states and read them back, without Kafka.

    Kinds whose names begin alike share a row. *bytes*: the median; µs are process time.

    Args:
        settings: The agent's.
        utterances: Of each simulated stream, one of each kind.
    """
    rules = merge_rules(settings)
    rows = [_row(TALK, rules, [lives_of_a_talk(settings, "merge")])]
    streams: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for name, kind in KINDS.items():
        _, sent = kind.simulate(1, utterances)
        streams[name.partition(",")[0]].append(viewed(sent, states=True).states)
    rows += [_row(name, rules, each) for name, each in streams.items()]
    return Table(
        "states of agent merge, of streams long in their talk", COLUMNS, tuple(rows)
    )


def _row(
    name: str, rules: MergeRules, streams: Sequence[Sequence[Any]]
) -> tuple[Cell, ...]:
    states = [
        state
        for stream in streams
        for state in stream[len(stream) // 2 :]
        if isinstance(state, Live)
    ]
    written, write_us = _timed(rules.encode_state, states)
    version = rules.state_version
    _, read_us = _timed(lambda state: rules.decode_state(version, state), written)
    sizes = [len(state) for state in written]
    return (
        name,
        len(sizes),
        round(median(sizes)),
        TYPICAL_BYTES,
        round(quantiles(sizes, n=20)[-1]),
        max(sizes),
        MOST_BYTES,
        round(write_us, 1),
        round(read_us, 1),
    )


def _timed(work: Callable[[Any], Any], given: Sequence[Any]) -> tuple[list[Any], float]:
    """Return what is made of each, and the process time for one in microseconds."""
    began_s = time.process_time()
    made = [work(one) for one in given]
    return made, 1e6 * (time.process_time() - began_s) / len(given)
