"""What is left of streams that said one thing and died: `make deadstreams`.

Streams come one after another, so that about as many are remembered at any time; then
all goes quiet for as long as a stream is remembered. Neither may grow with how many
there ever were. (Five million would take this hours; the slope is what counts.)
"""

import gc
import sys
import tracemalloc
from typing import NamedTuple

from schemas.codec import encode
from schemas.segment import CaptionSegment
from workers.agents.merge import MergeRules
from workers.core.lives import CaptionRules
from workers.delivery.decide import Work, decide
from workers.delivery.records import Record
from workers.delivery.store import Store

START_MS = 1_800_000_000_000
REMEMBERED_MS = 120_000
"""A life of a minute, a gravestone of another."""
AT_ONCE = 60
EVERY_MS = REMEMBERED_MS // AT_ONCE
TURN = 30
STEPS = 8


class Left(NamedTuple):
    """What is there after so many streams."""

    streams: int
    remembered: int
    heap: int
    """Entries of the heap of deadlines."""
    kib: float
    """Python's memory, more than at the beginning."""


class Worker:
    """One partition of agent ``merge``: its store, and what its state topic keeps."""

    def __init__(self) -> None:
        rules = CaptionRules(
            life_silence_ms=REMEMBERED_MS // 2, gravestone_ms=REMEMBERED_MS // 2
        )
        self.rules = MergeRules(rules, "captions")
        self.store = Store(self.rules.deadline_ms)
        self.compacted: set[bytes] = set()
        """Keys that a compacted state topic would still have a value of."""
        self.clock_ms = 0
        self.streams = 0

    def live_through(self, streams: int) -> None:
        """Hear so many streams, one record each."""
        for first in range(self.streams, self.streams + streams, TURN):
            self._turn([self._record(at) for at in range(first, first + TURN)])
        self.streams += streams

    def be_quiet(self) -> None:
        """Let lives run out, and then their gravestones, by the wall clock."""
        for _ in range(2):
            self._turn([], REMEMBERED_MS)

    def left(self) -> Left:
        gc.collect()
        kib = tracemalloc.get_traced_memory()[0] / 1024
        return Left(self.streams, len(self.store), len(self.store._heap), kib)

    def _record(self, at: int) -> Record:
        stream = f"dead-{at}"
        segment = CaptionSegment(stream_id=stream, text="Hello there.", is_final=True)
        at_ms = START_MS + at * EVERY_MS
        return Record(self.rules.input, 0, at, at_ms, stream.encode(), encode(segment))

    def _turn(self, records: list[Record], later_ms: int = 0) -> None:
        caught_up = not records
        wall_ms = self.clock_ms + later_ms if caught_up else 2**62
        work = Work(0, self.store, records, self.clock_ms, wall_ms, caught_up=caught_up)
        decided = decide(self.rules, work)
        self.store.apply(decided.changes)
        for key, state in decided.changes.items():
            (self.compacted.discard if state is None else self.compacted.add)(key)
        self.clock_ms = max(decided.clock_ms, wall_ms if caught_up else 0)


def main(streams: int) -> None:
    """Print what is left as the number of dead streams grows."""
    tracemalloc.start()
    worker = Worker()
    worker.live_through(2 * AT_ONCE)
    first = worker.left()
    found = [first]
    for _ in range(STEPS):
        worker.live_through(streams // STEPS // TURN * TURN)
        found.append(worker.left())
        streams_yet, remembered, heap, kib = found[-1]
        sys.stdout.write(
            f"{streams_yet:>9,} streams {remembered:>6,} remembered "
            f"{heap:>6,} in the heap {kib:>9,.0f} KiB\n"
        )
    slope = 1024 * (found[-1].kib - first.kib) / (found[-1].streams - first.streams)
    worker.be_quiet()
    last = worker.left()
    sys.stdout.write(
        f"slope: {slope:.3f} bytes a dead stream; left in the end: "
        f"{last.remembered} states, {len(worker.compacted)} on Kafka\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40_000)
