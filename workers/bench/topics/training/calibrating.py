"""How likely a change is right, by its score: fitted where the weights saw nothing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workers.bench.topics.agreement import TOLERANCES
from workers.bench.topics.training.regression import fit
from workers.bench.topics.training.rows import Rows
from workers.core.topics.decision import add_score, decide, reach
from workers.core.topics.kept.heard import Speaker
from workers.core.topics.kept.picker import Picker
from workers.core.topics.weights import Calibration

WITHIN = TOLERANCES[0]
_STRENGTH = 1.0
_FEWEST = 10
"""Changes found, some right and some wrong; with fewer nothing can be said."""


def calibrate(
    talks: Sequence[Rows],
    scores: Sequence[NDArray[np.float64]],
    look_ahead: int,
    sentences_per_topic: int,
) -> Calibration:
    """Fit slope and intercept from log-odds to how often such a change is right.

    Args:
        talks: With their true changes.
        scores: Log-odds of each gap of each talk, by weights that never saw it.
        look_ahead: Of these weights.
        sentences_per_topic: How often changes are decided.
    """
    pairs = [
        (float(score[gap]), min(abs(gap - true) for true in one.talk.boundaries))
        for one, score in zip(talks, scores, strict=True)
        if one.talk.boundaries
        for gap in decided(score, sentences_per_topic, one.speakers[look_ahead])
    ]
    return fitted([(score, off <= WITHIN) for score, off in pairs])


def fitted(pairs: Sequence[tuple[float, bool]]) -> Calibration:
    """Fit a calibration to log-odds and whether they were right."""
    right = sum(near for _, near in pairs)
    if right < _FEWEST / 2 or len(pairs) - right < _FEWEST / 2:
        return Calibration()
    found = fit(
        np.array([[score] for score, _ in pairs]),
        np.array([float(near) for _, near in pairs]),
        np.ones(len(pairs)),
        _STRENGTH,
    )
    slope = float(found.coefficients[0] / found.scale[0])
    intercept = found.bias - slope * float(found.mean[0])
    return Calibration(round(slope, 4), round(intercept, 4))


def decided(
    scores: NDArray[np.float64],
    sentences_per_topic: int,
    speakers: Sequence[tuple[Speaker, ...]],
) -> list[int]:
    """Return the gaps that are decided to be changes, as they are live.

    Args:
        scores: Log-odds of each gap.
        sentences_per_topic: How long topics usually are.
        speakers: Who had spoken when each gap was scored.
    """
    picker = add_score(Picker(), (), 0.0)
    found: list[int] = []
    last = 0
    for score in scores[1:]:
        picker = add_score(picker, (), float(score))
        while picker.next_decision + reach(sentences_per_topic) < picker.next_gap:
            gap = picker.next_decision
            here = speakers[picker.next_gap - 1]
            picker, changes = decide(picker, last, sentences_per_topic, here)
            if changes:
                found.append(gap)
                last = gap
    return found
