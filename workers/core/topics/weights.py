"""The weights of the score: as they are kept on disk, and made ready."""

from collections.abc import Mapping

import numpy as np
from msgspec import Struct

from workers.core.topics.evidence import every
from workers.core.topics.language import DIMENSIONS, Vector


class Feature(Struct, frozen=True):
    """How one feature is standardised and weighed."""

    mean: float
    scale: float
    coefficient: float


class Calibration(Struct, frozen=True, forbid_unknown_fields=True):
    """From log-odds that found a change to the odds that there is one.

    Fitted on talk the weights were not trained on: for changes that were decided, how
    many had a true one within three sentences.
    """

    slope: float = 1.0
    intercept: float = 0.0


class WeightsFile(Struct, frozen=True, forbid_unknown_fields=True):
    """Weights as they are kept on disk."""

    name: str
    look_ahead: int
    """Sentences read from the gap on."""
    bias: float
    features: dict[str, Feature]
    calibration: Calibration = Calibration()


class Wording(Struct, frozen=True, forbid_unknown_fields=True):
    """How sentence vectors sound around a change: three weight vectors."""

    bias: float
    before: tuple[float, ...]
    here: tuple[float, ...]
    after: tuple[float, ...]


class Weights(Struct, frozen=True):
    """Weights made ready: one row of factors for each kind of evidence."""

    name: str
    look_ahead: int
    bias: float
    factors: tuple[tuple[float, ...], ...]
    centres: tuple[float, ...]
    """What each kind adds up to at the mean of its features."""
    calibration: Calibration

    @classmethod
    def of(cls, file: WeightsFile, wording_bias: float) -> "Weights":
        """Make weights ready.

        Raises:
            ValueError: The file lacks a feature, has one too many, or a scale of 0.
        """
        names = every.names(file.look_ahead)
        if {name for kind in names for name in kind} != set(file.features):
            raise ValueError(f"the weights {file.name!r} are of other features")
        if any(feature.scale <= 0 for feature in file.features.values()):
            raise ValueError(f"the weights {file.name!r} have a scale of 0")
        factors = tuple(_factors(kind, file.features) for kind in names)
        centres = tuple(
            sum(
                factor * file.features[name].mean
                for name, factor in zip(kind, row, strict=True)
            )
            for kind, row in zip(names, factors, strict=True)
        )
        place = every.KINDS.index("wording")
        shift = wording_bias * factors[place][0]
        return cls(
            name=file.name,
            look_ahead=file.look_ahead,
            bias=file.bias,
            factors=factors,
            centres=tuple(
                centre - shift if at == place else centre
                for at, centre in enumerate(centres)
            ),
            calibration=file.calibration,
        )


def _factors(
    kind: tuple[str, ...], features: Mapping[str, Feature]
) -> tuple[float, ...]:
    return tuple(features[name].coefficient / features[name].scale for name in kind)


def wording_matrix(wording: Wording) -> Vector:
    """Return the three weight vectors as an array of shape ``(3, DIMENSIONS)``.

    Raises:
        ValueError: One has another length.
    """
    matrix = np.array((wording.before, wording.here, wording.after), np.float32)
    if matrix.shape != (3, DIMENSIONS):
        raise ValueError("the wording weights have another shape")
    return matrix
