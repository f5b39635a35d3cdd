"""How sentences sound around a change: three weight vectors over sentence vectors."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workers.bench.topics.training.regression import fit
from workers.bench.topics.training.rows import Rows, weights
from workers.core.topics import Wording

Floats = NDArray[np.float64]

_DIRECTIONS = 48
_UNIT = 0.12
"""About the spread of sentence vectors along one direction."""
_STRENGTH = 0.005


def fit_wording(talks: Sequence[Rows]) -> tuple[Floats, float]:
    """Return weights over the three vectors side by side, and the bias.

    They are fitted on the main directions of sentence vectors only, since there are
    far fewer changes than dimensions, and then written for the vectors themselves.
    """
    size = talks[0].vectors.shape[1] // 3
    own = np.vstack([one.vectors[:, size : 2 * size] for one in talks]).astype(float)
    centre = own.mean(axis=0)
    spread = np.cov(own - centre, rowvar=False)
    kept = min(_DIRECTIONS, len(own) - 1)
    directions = np.linalg.eigh(spread)[1][:, ::-1][:, :kept] / _UNIT
    parts = [
        np.hstack(
            [
                (one.vectors[:, at : at + size] - centre) @ directions
                for at in (0, size, 2 * size)
            ]
        )
        for one in talks
    ]
    found = fit(
        np.vstack(parts),
        np.concatenate([one.changes for one in talks]),
        np.concatenate(weights(talks)),
        _STRENGTH,
    )
    plain = found.coefficients / found.scale
    vectors = [directions @ plain[at * kept : (at + 1) * kept] for at in range(3)]
    bias = found.bias - float(plain @ found.mean)
    bias -= sum(float(centre @ vector) for vector in vectors)
    return np.concatenate(vectors), bias


def wording_of(found: tuple[Floats, float], digits: int) -> Wording:
    """Return the weights as they are kept on disk."""
    weigh, bias = found
    before, here, after = (
        tuple(float(f"{value:.{digits}g}") for value in part)
        for part in np.split(weigh, 3)
    )
    return Wording(round(bias, digits), before, here, after)


def sounding(one: Rows, found: tuple[Floats, float]) -> Floats:
    """Return the feature ``wording`` of each gap of a talk."""
    weigh, bias = found
    return one.vectors @ weigh + bias
