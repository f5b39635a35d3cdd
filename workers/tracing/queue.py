"""Spans on their way out: a few may wait, for a thread of their own; nobody waits."""

import time
from collections.abc import Sequence
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Final, Generic, Protocol, TypeVar

from workers import metrics

WAITING: Final = 4096
"""Spans that wait at most, of about 1 KiB each; of more, the newest are dropped."""
BATCH: Final = 512
"""Spans in one request, at most."""
GATHER_S: Final = 0.5
"""So long the first span of a batch waits for others."""
CLOSE_S: Final = 2.0
"""So long the end of a process waits for what has not been sent."""

S = TypeVar("S")
S_contra = TypeVar("S_contra", contravariant=True)


class Sink(Protocol[S_contra]):
    """Where spans are sent to."""

    def send(self, spans: Sequence[S_contra]) -> bool:
        """Send some, for as long as that may take; tell whether they were taken."""

    def close(self) -> None:
        """Give up what is being sent."""


class SpanQueue(Generic[S]):
    """Hands spans to a sink, in a thread that ends with the process.

    Args:
        sink: Where they go.
        waiting: How many may wait.
    """

    def __init__(self, sink: Sink[S], waiting: int = WAITING) -> None:
        self._sink = sink
        self._queue: Queue[S] = Queue(waiting)
        self._closing = Event()
        self._thread = Thread(target=self._run, name="spans", daemon=True)
        self._thread.start()

    def put(self, span: S) -> None:
        """Let a span wait, or drop it; never blocks."""
        try:
            self._queue.put_nowait(span)
        except Full:
            metrics.SPANS.labels("dropped").inc()

    def close(self) -> None:
        """Send what waits, but end after `CLOSE_S` at the latest."""
        self._closing.set()
        self._thread.join(CLOSE_S)
        self._sink.close()

    def _run(self) -> None:
        while True:
            batch = self._batch()
            if batch:
                taken = self._sink.send(batch)
                metrics.SPANS.labels("exported" if taken else "failed").inc(len(batch))
            elif self._closing.is_set():
                return

    def _batch(self) -> list[S]:
        """Return what came within a moment; at the end, what there is."""
        batch: list[S] = []
        until_s = time.monotonic() + GATHER_S
        while len(batch) < BATCH:
            left_s = 0.0 if self._closing.is_set() else until_s - time.monotonic()
            try:
                batch.append(self._queue.get(timeout=max(left_s, 0.001)))
            except Empty:
                if left_s <= 0:
                    break
        return batch
