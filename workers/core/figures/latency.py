"""Where the time goes between speech and caption, by stage: p50 and p95."""

from collections.abc import Iterable
from typing import Final

from schemas.captions import Latency
from schemas.metrics import LatencyFigures, Quantiles
from workers.core.figures.state import Stages

SAMPLE: Final = 50
"""Captions of a window that are kept, the last ones; ten seconds have two or three."""


def stages(latency: Latency) -> Stages:
    """Return the stages of one caption in whole milliseconds."""
    return Stages(
        _ms(latency.recogniser_s),
        _ms(latency.kafka_s),
        _ms(latency.policy_s),
        _ms(latency.worker_s),
    )


def shown_ms(spent: Stages) -> int | None:
    """Return how long viewers waited for the words; None if no stage is known.

    The hold by policy is not in it: the words are on the screen from their first
    event on, what is held is only the end of the caption. Where a stage is not known
    the rest is a lower bound.
    """
    known = [
        part
        for part in (spent.recogniser, spent.kafka, spent.worker)
        if part is not None
    ]
    return sum(known) if known else None


def figures_of(sample: tuple[Stages, ...]) -> LatencyFigures:
    """Return the quantiles of a sample of captions."""
    return LatencyFigures(
        recogniser_s=_quantiles(one.recogniser for one in sample),
        kafka_s=_quantiles(one.kafka for one in sample),
        policy_s=_quantiles(one.policy for one in sample),
        worker_s=_quantiles(one.worker for one in sample),
        total_s=_quantiles(map(_total, sample)),
    )


def _total(spent: Stages) -> int | None:
    parts = (spent.recogniser, spent.kafka, spent.policy, spent.worker)
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _quantiles(values: Iterable[int | None]) -> Quantiles | None:
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    return Quantiles(p50=_rank(known, 50), p95=_rank(known, 95))


def _rank(known: list[int], percent: int) -> float:
    """Return a quantile by nearest rank, in seconds: a value that did occur."""
    return known[-(-len(known) * percent // 100) - 1] / 1000


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)
