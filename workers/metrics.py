"""All metrics of a process, and where they are served.

Labels are bounded: never a stream, a speaker or what was said.
"""

from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import Any
from wsgiref.simple_server import WSGIServer

from prometheus_client import (
    Counter,
    Gauge,
    Histogram,
    Info,
    disable_created_metrics,
    start_http_server,
)

from workers.agents.merge import CORRECTION_NOTE
from workers.delivery.decide import Decided
from workers.rejections import rejections

disable_created_metrics()  # type: ignore[no-untyped-call]  # it has no annotations

RECORDS = Counter(
    "captions_records_total",
    "Records read, by whether the rules saw them or their headers said enough.",
    ["outcome"],  # decided, skipped
)
SEGMENTS = Counter(
    "captions_segments_total",
    "Segments read, by what became of them.",
    ["outcome"],  # merged, held, duplicate, revised, late, too_late, ...
)
CORRECTIONS = Counter(
    "captions_corrections_total",
    "Corrections by a person read, by what became of them.",
    ["outcome"],  # corrected, confirmed, duplicate, unknown_caption, not_final, ...
)
EVENTS = Counter(
    "captions_events_total", "Events written and committed, by type.", ["type"]
)
REJECTED = Counter(
    "captions_rejected_total",
    "Records on the Kafka topic of what could not be used, by reason.",
    ["reason"],
)
TURN_SECONDS = Histogram(
    "captions_turn_seconds",
    "From fetched to committed.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
TRANSACTIONS = Counter("captions_transactions_total", "Transactions committed.")
LAG = Gauge("captions_lag_records", "Records not decided yet.", ["partition"])
RESTORED = Counter("captions_restored_records_total", "State records read back.")
RESTORE_SECONDS = Histogram(
    "captions_restore_seconds",
    "To read the state of newly owned partitions back.",
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
BUILD = Info("captions_build", "Version and agent of this process.")

_PREFIX = b"captions."
_Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class TurnMetrics:
    """Counts what delivery tells; an `workers.delivery.observer.Observer`."""

    def on_turn(self, records: int, transactions: int, seconds: float) -> None:  # noqa: ARG002  # the protocol's
        """Count a committed turn."""
        TURN_SECONDS.observe(seconds)
        TRANSACTIONS.inc(transactions)

    def on_restore(self, partitions: int, records: int, seconds: float) -> None:  # noqa: ARG002  # the protocol's
        """Count state read back."""
        RESTORED.inc(records)
        RESTORE_SECONDS.observe(seconds)

    def on_lag(self, partition: int, records: int) -> None:
        """Note how far behind a partition is."""
        LAG.labels(partition).set(records)

    def on_closed(self, partition: int) -> None:
        """Forget a partition that others have now."""
        LAG.remove(partition)


def observe(decided: Iterable[Decided[object]]) -> None:
    """Count what a committed turn held."""
    for one in decided:
        RECORDS.labels("decided").inc(one.decided)
        RECORDS.labels("skipped").inc(one.skipped)
        for note, count in one.notes.items():
            of_correction = note.startswith(CORRECTION_NOTE)
            counter = CORRECTIONS if of_correction else SEGMENTS
            counter.labels(note.removeprefix(CORRECTION_NOTE)).inc(count)
        for _, output in one.outputs:
            for name, value in output.headers:
                if name == "ce_type":
                    EVENTS.labels(value.removeprefix(_PREFIX).decode()).inc()
                    break
        for rejected in rejections(one):
            REJECTED.labels(rejected.reason).inc()


def serve(agent: str, host: str, port: int) -> WSGIServer:
    """Serve ``/metrics`` in a thread of its own, which ends with the process.

    Raises:
        OSError: The port is taken, or not ours to take.
    """
    BUILD.info({"version": version("caption-worker"), "agent": agent})
    server, _ = start_http_server(port, addr=host)
    # The library's own answers with metrics to whatever path, so that a probe of
    # health that is not there would pass for ever.
    metrics = server.get_app()
    assert metrics is not None
    server.set_app(_nothing_else(metrics))
    return server


def _nothing_else(metrics: _Wsgi) -> _Wsgi:
    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/metrics":
            return metrics(environ, start_response)
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"only /metrics is served here\n"]

    return answer
