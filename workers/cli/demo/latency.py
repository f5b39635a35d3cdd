"""How long the worker takes: from sending a segment to reading what it caused."""

import math
from bisect import insort
from collections.abc import Callable
from typing import Literal

from msgspec import Struct

Kind = Literal["caption", "enriched"]


class Spread(Struct, frozen=True, kw_only=True):
    """How latencies are spread: nearest rank, so each is one that was measured."""

    median_ms: float
    p95_ms: float
    count: int


class Stopwatch:
    """Ties each event to the segment that caused it, by its ``traceparent``.

    What a caption waits for on purpose, such as the end of its sentence, is not in it:
    the segment that ends the sentence is what causes the final caption.

    Args:
        clock: Seconds that never jump.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._sent_s: dict[bytes, float] = {}
        self._sorted_ms: dict[Kind, list[float]] = {"caption": [], "enriched": []}

    def sent(self, traceparent: bytes, at_s: float) -> None:
        """Note when a segment was given to Kafka's client."""
        self._sent_s[traceparent] = at_s

    def read(self, kind: Kind, traceparent: bytes | None) -> None:
        """Note that an event was read; one that no segment caused is left out."""
        sent_s = self._sent_s.get(traceparent or b"")
        if sent_s is not None:
            insort(self._sorted_ms[kind], (self._clock() - sent_s) * 1000)

    def spread(self, kind: Kind) -> Spread | None:
        """Return the spread of all so far; None while there is none."""
        taken = self._sorted_ms[kind]
        if not taken:
            return None
        return Spread(
            median_ms=taken[_rank(len(taken), 0.5)],
            p95_ms=taken[_rank(len(taken), 0.95)],
            count=len(taken),
        )


def _rank(count: int, share: float) -> int:
    return math.ceil(share * count) - 1
