"""Whether a topic takes up an earlier one again, judged by what is usual here."""

from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workers.core.topics.kept.earlier import Earlier, EarlierTopic

MAX_EARLIER: Final = 12
"""The oldest is forgotten first: people return to what was said in the last hour."""

_BACKGROUND: Final = 0.8
"""Share of the mean of all that was heard taken out of a topic's vector."""
_STEPS: Final = 7
"""A vector's largest part, in half a byte; finer ones change no cosine by 0.02."""
_LEAST_COSINE: Final = 0.2
_LEAST_Z: Final = 2.0
_PRIOR_COUNT: Final = 4
_PRIOR_DEVIATION: Final = 0.15
"""Until enough was heard: what cosines between topics of one recording look like."""


def direction(
    vector: NDArray[np.float64], mass: int, background: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the unit vector of what is special in a topic; all 0 without words."""
    special = vector - _BACKGROUND * mass * background
    length = float(np.sqrt((special * special).sum()))
    return special / length if length > 0 else special


def returns_to(earlier: Earlier, topic: NDArray[np.float64]) -> int | None:
    """Return the number of the earlier topic that this one is unusually close to.

    The topic just before cannot be returned to: closeness to it tells of a cut that
    was none.
    """
    best, number = _LEAST_COSINE, None
    for other in earlier.topics[:-1]:
        cosine = _cosine(other, topic)
        if cosine > best:
            best, number = cosine, other.number
    count = earlier.count + _PRIOR_COUNT
    mean = earlier.mean * earlier.count / count
    between = earlier.count * _PRIOR_COUNT / count * earlier.mean**2
    squares = earlier.squares + _PRIOR_COUNT * _PRIOR_DEVIATION**2 + between
    return number if (best - mean) / sqrt(squares / count) >= _LEAST_Z else None


def add_topic(
    earlier: Earlier,
    number: int,
    topic: NDArray[np.float64],
    stems: str,
    returned_to: int | None,
) -> Earlier:
    """Return the earlier topics with one more; what it returned to is not usual."""
    count, mean, squares = earlier.count, earlier.mean, earlier.squares
    for other in earlier.topics:
        if other.number == returned_to:
            continue
        count += 1
        shift = (cosine := _cosine(other, topic)) - mean
        mean += shift / count
        squares += shift * (cosine - mean)
    ended = EarlierTopic(number, _pack(topic), stems)
    return Earlier(
        (*earlier.topics, ended)[-MAX_EARLIER:],
        count,
        round(mean, 6),
        round(squares, 6),
    )


def _cosine(other: EarlierTopic, topic: NDArray[np.float64]) -> float:
    steps = _unpack(other.vector)
    length = float(np.sqrt((steps * steps).sum()))
    return float((steps * topic).sum()) / length if length > 0 else 0.0


def _pack(topic: NDArray[np.float64]) -> bytes:
    peak = float(np.abs(topic).max()) or 1.0
    steps = (np.rint(topic * (_STEPS / peak)) + _STEPS).astype(np.uint8)
    return (steps[::2] << 4 | steps[1::2]).tobytes()


def _unpack(vector: bytes) -> NDArray[np.float64]:
    packed = np.frombuffer(vector, np.uint8)
    steps = np.empty(2 * len(packed))
    steps[::2] = packed >> 4
    steps[1::2] = packed & 15
    return steps - _STEPS
