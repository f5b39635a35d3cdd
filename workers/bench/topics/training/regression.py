"""Logistic regression: the one best fit, so the same from the same data.

Source:
    Newton's method on the L2-regularised likelihood; Hastie, Tibshirani and Friedman,
    The Elements of Statistical Learning (2009), 4.4.
"""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STEPS = 100
_CLOSE = 1e-10
_HALVINGS = 30


class Fit(Struct, frozen=True):
    """A linear score: standardise, weigh, add up."""

    mean: Floats
    scale: Floats
    coefficients: Floats
    bias: float

    def log_odds(self, features: Floats) -> Floats:
        """Return the log-odds of each row."""
        raw: Floats = (features - self.mean) / self.scale @ self.coefficients
        return raw + self.bias


def fit(
    features: Floats,
    right: Floats,
    weigh: Floats,
    strength: float,
    known: Floats | None = None,
) -> Fit:
    """Fit one logistic regression over standardised features.

    Args:
        features: A row for each gap.
        right: 1 or 0, for each row.
        weigh: What each row weighs; rows of weight 0 only help to standardise.
        strength: Of the data against the regularisation, as C elsewhere.
        known: Log-odds of each row that others tell; what is fitted is added to it.
    """
    mean = features.mean(axis=0)
    scale = features.std(axis=0)
    scale[scale < _CLOSE] = 1.0
    used = weigh > 0
    rows = (features[used] - mean) / scale
    rows = np.hstack([rows, np.ones((len(rows), 1))])
    weigh, right = strength * weigh[used], right[used]
    known = np.zeros(len(rows)) if known is None else known[used]
    penalty = np.ones(rows.shape[1])
    penalty[-1] = 0  # the bias is free
    beta = np.zeros(rows.shape[1])
    loss = _loss(rows, right, weigh, penalty, beta, known)
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(rows @ beta + known, -30, 30)))
        slope = rows.T @ (weigh * (chance - right)) + penalty * beta
        curve = (rows.T * (weigh * chance * (1 - chance))) @ rows
        step = np.linalg.solve(curve + np.diag(penalty + _CLOSE), slope)
        share = 1.0
        for _ in range(_HALVINGS):
            tried = _loss(rows, right, weigh, penalty, beta - share * step, known)
            if tried <= loss:
                break
            share /= 2
        else:
            break
        beta = beta - share * step
        if loss - tried < _CLOSE * (1 + abs(loss)):
            break
        loss = tried
    return Fit(mean, scale, beta[:-1], float(beta[-1]))


def _loss(
    rows: Floats,
    right: Floats,
    weigh: Floats,
    penalty: Floats,
    beta: Floats,
    known: Floats,
) -> float:
    raw = rows @ beta + known
    likelihood = np.logaddexp(0, raw) - right * raw
    return float((weigh * likelihood).sum() + 0.5 * (penalty * beta * beta).sum())
