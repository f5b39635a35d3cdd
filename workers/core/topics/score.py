"""The score of a gap: log-odds that the topic changes there, and what they add up from.

Source:
    A logistic regression over standardised features; numbers and where they come
    from in ``workers/language/weights``.
"""

from math import exp
from operator import mul

from workers.core.topics.evidence.every import KINDS
from workers.core.topics.weights import Weights

_UNCOUNTED = {"contrast": 0.6, "novelty": 1.8}
"""By kind, where a language's words were not counted: what they weigh is the same then,
so vectors are much of small words, while a word not heard before stays one."""
_UNCOUNTED_FACTORS = tuple(_UNCOUNTED.get(kind, 1.0) for kind in KINDS)


def contributions(
    weights: Weights, kinds: tuple[list[float], ...], *, counted: bool = True
) -> tuple[float, ...]:
    """Return what each kind of evidence adds to the log-odds, against the usual gap.

    Args:
        weights: Of the worker.
        kinds: Features by kind.
        counted: The words of the language have weights from counts.
    """
    rows = zip(weights.factors, kinds, weights.centres, strict=True)
    parts = [sum(map(mul, row, values)) - centre for row, values, centre in rows]
    return tuple(parts if counted else map(mul, parts, _UNCOUNTED_FACTORS))


def probability(weights: Weights, log_odds: float) -> float:
    """Return how likely there is a change where the log-odds of a peak are these."""
    calibrated = weights.calibration.slope * log_odds + weights.calibration.intercept
    # Beyond +-30 nothing changes but the last digits, and exp could overflow.
    return round(1.0 / (1.0 + exp(-min(30.0, max(-30.0, calibrated)))), 4)
