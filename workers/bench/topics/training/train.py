"""Trains all weights of the score: wording, both look-aheads, the calibration."""

from collections.abc import Sequence
from random import Random

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from workers.bench.topics.training.calibrating import calibrate
from workers.bench.topics.training.regression import Fit, fit
from workers.bench.topics.training.rows import (
    Rows,
    feature_names,
    weights,
    wording_column,
)
from workers.bench.topics.training.wording import fit_wording, sounding, wording_of
from workers.core.topics import WeightsFile, Wording
from workers.core.topics.weights import Calibration, Feature

Floats = NDArray[np.float64]

DIGITS = 6
"""That are kept of a weight: what differs beyond, by another processor, is gone."""
STRENGTH = 0.1
FOLDS = 4


class Trained(Struct, frozen=True):
    """Weights as they are kept on disk."""

    quick: WeightsFile
    sure: WeightsFile
    wording: Wording


def train(talks: Sequence[Rows], sentences_per_topic: int) -> Trained:
    """Train on talks of any sets; the same talks give the same weights.

    What stands on another fit stands on one that did not see the talk: the feature
    ``wording`` of a talk, and the scores that the calibration is fitted on.

    Args:
        talks: Two at least.
        sentences_per_topic: How often changes are decided where scores are calibrated.

    Raises:
        ValueError: There are too few talks or changes to learn anything.
    """
    folds = folds_of(talks)
    heard: dict[int, Floats] = {}
    for fold in folds:
        others = fit_wording([one for n, one in enumerate(talks) if n not in fold])
        heard |= {place: sounding(talks[place], others) for place in fold}
    files = []
    for ahead in sorted(talks[0].features):
        columns = _with_wording(talks, heard, ahead)
        found = _fit(talks, columns, range(len(talks)))
        unseen: dict[int, Floats] = {}
        for fold in folds:
            rest = [place for place in range(len(talks)) if place not in fold]
            part = _fit(talks, columns, rest)
            unseen |= {place: part.log_odds(columns[place]) for place in fold}
        scores = [unseen[place] for place in range(len(talks))]
        calibration = calibrate(talks, scores, ahead, sentences_per_topic)
        files.append(_file(ahead, found, calibration))
    quick, sure = files
    return Trained(quick, sure, wording_of(fit_wording(talks), DIGITS))


def folds_of(talks: Sequence[Rows]) -> list[set[int]]:
    """Return the places of talks, shared out for fits that each leave some of them out.

    Raises:
        ValueError: There are too few talks or changes to learn anything.
    """
    size = len(talks)
    if size < 2 or sum(one.changes.sum() for one in talks) < FOLDS:  # noqa: PLR2004
        raise ValueError("too few talks or changes to train on")
    places = list(range(size))
    Random(0).shuffle(places)  # noqa: S311  # no secret
    return [set(places[part::FOLDS]) for part in range(min(FOLDS, size))]


def _with_wording(
    talks: Sequence[Rows], heard: dict[int, Floats], ahead: int
) -> list[Floats]:
    columns = [one.features[ahead].copy() for one in talks]
    for place, each in enumerate(columns):
        each[:, wording_column(ahead)] = heard[place]
    return columns


def _fit(
    talks: Sequence[Rows], columns: Sequence[Floats], places: Sequence[int]
) -> Fit:
    chosen = [talks[place] for place in places]
    return fit(
        np.vstack([columns[place] for place in places]),
        np.concatenate([one.changes for one in chosen]),
        np.concatenate(weights(chosen)),
        STRENGTH,
    )


def _file(ahead: int, found: Fit, calibration: Calibration) -> WeightsFile:
    values = zip(found.mean, found.scale, found.coefficients, strict=True)
    features = {
        name: Feature(*(float(f"{value:.{DIGITS}g}") for value in three))
        for name, three in zip(feature_names(ahead), values, strict=True)
    }
    return WeightsFile(
        f"recipe-{ahead}", ahead, round(found.bias, DIGITS), features, calibration
    )
