"""Learns some weights of the score anew, and holds all the others as they are.

There is more talk to learn a new feature from than there was, and less than the old
weights were learned from; so the old ones stay, and the new one learns what they miss.
"""

from collections.abc import Collection, Sequence

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from workers.bench.topics.training.calibrating import calibrate
from workers.bench.topics.training.regression import Fit, fit
from workers.bench.topics.training.rows import (
    Rows,
    feature_names,
    weights,
    wording_column,
)
from workers.bench.topics.training.train import DIGITS, Trained, folds_of
from workers.bench.topics.training.wording import sounding
from workers.core.topics import WeightsFile, Wording
from workers.core.topics.weights import Feature

Floats = NDArray[np.float64]

_STRENGTH = 0.01
"""A tenth of what all weights together are learned with: the rest is known."""


def learn_only(
    names: Collection[str],
    held: Trained,
    talks: Sequence[Rows],
    sentences_per_topic: int,
) -> Trained:
    """Learn the weights of these features, bias and calibration; all else stays.

    Args:
        names: Of features, of either look-ahead.
        held: What is kept of all other features.
        talks: Two at least.
        sentences_per_topic: How often changes are decided where scores are calibrated.

    Raises:
        ValueError: There is no such feature, or there are too few talks or changes.
    """
    check_names(names, held)
    folds = folds_of(talks)
    quick, sure = (
        _learned(file, held.wording, names, talks, folds, sentences_per_topic)
        for file in (held.quick, held.sure)
    )
    return Trained(quick, sure, held.wording)


def check_names(names: Collection[str], held: Trained) -> None:
    """Check that there are features of these names.

    Raises:
        ValueError: One is none, or is learned by itself.
    """
    known = {*held.quick.features, *held.sure.features} - {"wording"}
    if unknown := [name for name in names if name not in known]:
        raise ValueError(f"there is no feature {unknown[0]!r} to be learned alone")


def _learned(
    file: WeightsFile,
    wording: Wording,
    names: Collection[str],
    talks: Sequence[Rows],
    folds: Sequence[set[int]],
    sentences_per_topic: int,
) -> WeightsFile:
    ahead = file.look_ahead
    order = feature_names(ahead)
    new = [place for place, name in enumerate(order) if name in names]
    if not new:
        return file  # all of them are of the other look-ahead
    columns = [_columns(one, wording, ahead) for one in talks]
    known = [_known(each, file, names) for each in columns]
    parts = [each[:, new] for each in columns]
    found = _fit(talks, parts, known, range(len(talks)))
    unseen: dict[int, Floats] = {}
    for fold in folds:
        rest = [place for place in range(len(talks)) if place not in fold]
        part = _fit(talks, parts, known, rest)
        unseen |= {place: part.log_odds(parts[place]) + known[place] for place in fold}
    features = dict(file.features)
    for at, place in enumerate(new):
        three = (found.mean[at], found.scale[at], found.coefficients[at])
        features[order[place]] = Feature(
            *(float(f"{value:.{DIGITS}g}") for value in three)
        )
    scores = [unseen[place] for place in range(len(talks))]
    return replace(
        file,
        bias=round(found.bias, DIGITS),
        features={name: features[name] for name in order},
        calibration=calibrate(talks, scores, ahead, sentences_per_topic),
    )


def _columns(one: Rows, wording: Wording, ahead: int) -> Floats:
    columns = one.features[ahead].copy()
    weigh = np.concatenate((wording.before, wording.here, wording.after))
    columns[:, wording_column(ahead)] = sounding(one, (weigh, wording.bias))
    return columns


def _known(columns: Floats, file: WeightsFile, names: Collection[str]) -> Floats:
    """Return what the features that are held add up to, without the bias."""
    total = np.zeros(len(columns))
    for column, name in zip(columns.T, feature_names(file.look_ahead), strict=True):
        if name not in names:
            feature = file.features[name]
            total += (column - feature.mean) / feature.scale * feature.coefficient
    return total


def _fit(
    talks: Sequence[Rows],
    parts: Sequence[Floats],
    known: Sequence[Floats],
    places: Sequence[int],
) -> Fit:
    chosen = [talks[place] for place in places]
    return fit(
        np.vstack([parts[place] for place in places]),
        np.concatenate([one.changes for one in chosen]),
        np.concatenate(weights(chosen)),
        _STRENGTH,
        np.concatenate([known[place] for place in places]),
    )
