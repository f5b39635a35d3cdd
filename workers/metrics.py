"""All metrics of a process, each defined once; docs/METRICS.md is made from them.

Times are seconds, sizes bytes. Labels are bounded by our own words and the number of
partitions: never a stream, a speaker or what was said, so no text that arrives can be
one, and a scrape cannot fail by it.
"""

import time
from collections import Counter as Tally
from collections.abc import Iterator
from typing import Final

from prometheus_client import (
    REGISTRY,
    Counter,
    Gauge,
    Histogram,
    Info,
    disable_created_metrics,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

disable_created_metrics()  # type: ignore[no-untyped-call]  # it has no annotations

# Around what broadcasters promise: 2 s (BBC), 4.5 s (Ofcom).
_LATENCY_BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 4.5, 7, 10, 15, 30, 60)
_WORK_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_SHARE_BUCKETS: Final = (0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1)
_TOPIC_BUCKETS: Final = (5, 15, 30, 60, 120, 180, 240, 300, 420, 600, 900)

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
CUES = Counter(
    "captions_cues_total",
    "Cues committed, by profile: kept its rules, broke one, withdrawn, or still open.",
    ["profile", "outcome"],
)
CUE_RULES_BROKEN = Counter(
    "captions_cue_rules_broken_total",
    "Rules that cues had to break, by profile and rule.",
    ["profile", "rule"],
)
FLAGS = Counter("captions_flags_total", "Flags on final captions, by name.", ["flag"])
REJECTED = Counter(
    "captions_rejected_total",
    "Records on the Kafka topic of what could not be used, by reason.",
    ["reason"],
)
DELAY_SECONDS = Histogram(
    "captions_delay_seconds",
    "From the end of speech until viewers had its words, of final captions: "
    "recogniser, Kafka and worker, as far as known.",
    buckets=_LATENCY_BUCKETS,
)
LATENCY_SECONDS = Histogram(
    "captions_latency_seconds",
    "From the end of speech to the final caption, of those of which all stages are "
    "known; with what policy held.",
    buckets=_LATENCY_BUCKETS,
)
STAGE_SECONDS = Histogram(
    "captions_stage_seconds",
    "From the end of speech to the final caption, by who spent it; as far as known.",
    ["stage"],  # recogniser, kafka, policy, worker
    buckets=_LATENCY_BUCKETS,
)
TOPIC_SECONDS = Histogram(
    "captions_topic_decision_seconds",
    "Media time from the first word of a topic until it was confirmed.",
    buckets=_TOPIC_BUCKETS,
)
DECIDE_SECONDS = Histogram(
    "captions_decide_seconds",
    "From fetched to decided, of a turn.",
    buckets=_WORK_BUCKETS,
)
TRANSACTION_SECONDS = Histogram(
    "captions_transaction_seconds",
    "From decided to committed, of a transaction.",
    buckets=_WORK_BUCKETS,
)
TURN_SECONDS = Histogram(
    "captions_turn_seconds", "From fetched to committed.", buckets=_WORK_BUCKETS
)
TRANSACTIONS = Counter("captions_transactions_total", "Transactions committed.")
RESTORING = Gauge(
    "captions_restore_remaining_records",
    "Offsets of state still to be read back; 0 if none is restored.",
)
RESTORED = Counter("captions_restored_records_total", "State records read back.")
RESTORE_SECONDS = Histogram(
    "captions_restore_seconds",
    "To read the state of newly owned partitions back.",
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
STALL_SECONDS = Histogram(
    "captions_loop_stall_seconds",
    "By how much later than asked for the event loop came back.",
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)

# Of one stream in one window of 10 s, so the share of streams is what a bucket tells.
STREAM_LATENCY = Histogram(
    "captions_stream_latency_seconds",
    "Median latency of a stream's final captions, by window.",
    buckets=_LATENCY_BUCKETS,
)
STREAM_ERASURE = Histogram(
    "captions_stream_erasure_ratio",
    "Normalized erasure of a stream, by window: words that went over final ones.",
    buckets=_SHARE_BUCKETS,
)
STREAM_STABLE_ERASURE = Histogram(
    "captions_stream_stable_erasure_ratio",
    "The same of what was called stable.",
    buckets=_SHARE_BUCKETS,
)
STREAM_UNSTABLE = Histogram(
    "captions_stream_unstable_ratio",
    "UPWR of a stream, by window: words guessed that became others, over final ones.",
    buckets=_SHARE_BUCKETS,
)
STREAM_UNCERTAIN = Histogram(
    "captions_stream_uncertain_ratio",
    "Uncertain captions of a stream over its final ones, by window.",
    buckets=_SHARE_BUCKETS,
)
STREAM_COMPLIANCE = Histogram(
    "captions_stream_cue_compliance_ratio",
    "Cues of a stream that broke no rule, by window; of its worst profile.",
    buckets=(0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 1),
)
STREAM_PACE = Histogram(
    "captions_stream_words_per_minute",
    "Words a minute of media time in captions of a stream, by window.",
    buckets=(60, 90, 120, 140, 160, 180, 200, 220, 250, 300),
)
STREAM_GAP = Histogram(
    "captions_stream_gap_seconds",
    "Media time without words in a stream, by window.",
    buckets=(0, 10, 20, 30, 60, 120, 300),
)
SPANS = Counter(
    "captions_spans_total",
    "Spans of decisions, by what became of them: taken by the collector, refused by it "
    "or not sent in time, or dropped since too many waited.",
    ["outcome"],  # exported, failed, dropped
)
BUILD = Info("captions_build", "Version and agent of this process.")
READY = Gauge("captions_ready", "1 if `/ready` says so, else 0.")


class Partitions(Collector):
    """What is told of each owned partition; goes, with its series, when that goes."""

    def __init__(self) -> None:
        self.lag: dict[int, int] = {}
        self.decided_to_ms: dict[int, int] = {}
        self.entries: dict[int, int] = {}
        self.state_bytes: dict[int, int] = {}
        self.streams: dict[int, dict[str, str]] = {}
        """The state of each live stream, as its last ``StreamMetrics`` told."""

    def close(self, partition: int) -> None:
        """Forget a partition that others have now."""
        for each in (
            self.lag,
            self.decided_to_ms,
            self.entries,
            self.state_bytes,
            self.streams,
        ):
            each.pop(partition, None)

    def lag_seconds(self) -> dict[int, float]:
        """Return how long ago each partition was known to be decided up to."""
        now_ms = time.time() * 1000
        return {
            partition: max(0.0, now_ms - to_ms) / 1000
            for partition, to_ms in self.decided_to_ms.copy().items()
            if to_ms
        }

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the series; read from another thread than it is written in."""
        for name, documentation, values in (
            ("captions_lag_records", "Records not decided yet.", self.lag.copy()),
            (
                "captions_lag_seconds",
                "Age of the oldest record that may not be decided yet, at the scrape.",
                self.lag_seconds(),
            ),
            (
                "captions_state_entries",
                "Streams of which something is remembered, gravestones too.",
                self.entries.copy(),
            ),
            (
                "captions_state_bytes",
                "Of all states, as they are written.",
                self.state_bytes.copy(),
            ),
        ):
            family = GaugeMetricFamily(name, documentation, labels=["partition"])
            for partition, value in values.items():
                family.add_metric([str(partition)], value)
            yield family
        streams = GaugeMetricFamily(
            "captions_streams",
            "Live streams by the state that their captions are in, of agent `merge`.",
            labels=["state"],
        )
        told = Tally({"ok": 0, "delayed": 0, "incomplete": 0, "uncertain": 0})
        for states in self.streams.copy().values():
            told.update(states.copy().values())
        for state, count in told.items():
            streams.add_metric([state], count)
        yield streams


PARTITIONS = Partitions()
REGISTRY.register(PARTITIONS)


class TurnMetrics:
    """Counts what delivery tells; an `workers.delivery.observer.Observer`."""

    def on_decided(self, seconds: float) -> None:
        """Count a turn that is decided."""
        DECIDE_SECONDS.observe(seconds)

    def on_transaction(self, seconds: float) -> None:
        """Count a transaction that is committed."""
        TRANSACTION_SECONDS.observe(seconds)

    def on_turn(self, records: int, transactions: int, seconds: float) -> None:  # noqa: ARG002  # the protocol's
        """Count a committed turn."""
        TURN_SECONDS.observe(seconds)
        TRANSACTIONS.inc(transactions)

    def on_restoring(self, remaining: int) -> None:
        """Note how much state is to be read back."""
        RESTORING.set(remaining)

    def on_restore(self, partitions: int, records: int, seconds: float) -> None:  # noqa: ARG002  # the protocol's
        """Count state read back."""
        RESTORED.inc(records)
        RESTORE_SECONDS.observe(seconds)

    def on_lag(self, partition: int, records: int, decided_to_ms: int) -> None:
        """Note how far behind a partition is."""
        PARTITIONS.lag[partition] = records
        PARTITIONS.decided_to_ms[partition] = decided_to_ms

    def on_state(self, partition: int, entries: int, size_bytes: int) -> None:
        """Note how much a partition remembers."""
        PARTITIONS.entries[partition] = entries
        PARTITIONS.state_bytes[partition] = size_bytes

    def on_closed(self, partition: int) -> None:
        """Forget a partition that others have now."""
        PARTITIONS.close(partition)
