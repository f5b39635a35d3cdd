"""How well captions hold what each kind of recogniser says, by the simulator."""

import time
from collections import defaultdict
from collections.abc import Sequence
from statistics import median, quantiles

from msgspec import Struct

from workers.bench.simulator import KINDS, Kind, Score, scored, viewed
from workers.bench.simulator.sending import Sent
from workers.bench.simulator.viewing import ZERO_MS
from workers.bench.table import Cell, Table
from workers.core.captioning import on_segment
from workers.core.lives import CaptionRules, StreamState

STREAMS = 12
"""Of each kind; more tell rarer faults."""
UTTERANCES = 20

COLUMNS = (
    "recogniser",
    "segments",
    "word F1",
    "exact %",
    "lost",
    "doubled",
    "erased",
    "raw erased",
    "delay s",
    "p95 s",
    "µs",
)


class Measured(Struct):
    """What is added up over the streams of some kinds."""

    scores: list[Score]
    segments: int = 0
    seconds: float = 0.0


def merging_table(streams: int = STREAMS) -> Table:
    """Measure merging on simulated streams; recordings have no ground truth.

    Kinds whose names begin alike share a row. *exact*: streams whose captions have
    each spoken word once and in order; *lost* and *doubled*: words of all streams;
    *erased*: normalized erasure of what captions call stable, counting revisions and
    withdrawals, beside that of a screen which shows each message as it comes; *delay*:
    how long a word is on the screen before it is stable for good, median and 95th
    percentile; *µs*: process time of merging, cues and figures for each segment.
    """
    rows: dict[str, Measured] = defaultdict(lambda: Measured([]))
    for name, kind in KINDS.items():
        _measure(rows[name.partition(",")[0]], kind, streams)
    return Table(
        title=f"Captions, {streams} simulated streams of each kind of recogniser",
        columns=COLUMNS,
        rows=tuple((name, *_figures(measured)) for name, measured in rows.items()),
    )


def _measure(row: Measured, kind: Kind, streams: int) -> None:
    for seed in range(streams):
        talk, sent = kind.simulate(seed, UTTERANCES)
        row.scores.append(scored(talk, sent, viewed(sent)))
        row.segments += len(sent)
        row.seconds += _process_seconds(sent)


def _process_seconds(sent: Sequence[Sent]) -> float:
    rules = CaptionRules()
    state: StreamState | None = None
    began = time.process_time()
    for one in sent:
        now_ms = ZERO_MS + round(one.at_s * 1000)
        state, _ = on_segment(
            state, one.segment, rules, place="0-0", arrived_ms=now_ms, now_ms=now_ms
        )
    return time.process_time() - began


def _figures(measured: Measured) -> tuple[Cell, ...]:
    scores = measured.scores
    spoken = sum(score.spoken for score in scores)
    told = sum(score.told for score in scores)
    matched = sum(score.matched for score in scores)
    delays_ms = [delay for score in scores for delay in score.delays_ms]
    return (
        measured.segments,
        f"{2 * matched / (spoken + told):.4f}",
        100 * sum(score.exact for score in scores) / len(scores),
        spoken - matched,
        told - matched,
        f"{sum(score.erased for score in scores) / spoken:.3f}",
        f"{sum(score.raw_erased for score in scores) / spoken:.3f}",
        median(delays_ms) / 1000,
        quantiles(delays_ms, n=20)[-1] / 1000,
        round(measured.seconds / measured.segments * 1e6),
    )
