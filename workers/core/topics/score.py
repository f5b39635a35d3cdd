"""The score of a gap: log-odds that the topic changes there, and what they add up from.

Source:
    A logistic regression over standardised features; numbers and where they come
    from in ``workers/language/weights``.
"""

from math import exp
from operator import mul

from workers.core.topics.weights import Weights


def contributions(
    weights: Weights, kinds: tuple[list[float], ...]
) -> tuple[float, ...]:
    """Return what each kind of evidence adds to the log-odds, against the usual gap."""
    rows = zip(weights.factors, kinds, weights.centres, strict=True)
    return tuple([sum(map(mul, row, values)) - centre for row, values, centre in rows])


def probability(weights: Weights, log_odds: float) -> float:
    """Return how likely there is a change where the log-odds of a peak are these."""
    calibrated = weights.calibration.slope * log_odds + weights.calibration.intercept
    # Beyond +-30 nothing changes but the last digits, and exp could overflow.
    return round(1.0 / (1.0 + exp(-min(30.0, max(-30.0, calibrated)))), 4)
