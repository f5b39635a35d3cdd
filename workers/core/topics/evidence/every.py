"""All features of one gap, by kind, in the order the weights are kept in."""

from collections.abc import Sequence
from math import exp
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from workers.core.topics.evidence import contrast, novelty, phrases, speakers
from workers.core.topics.evidence.similarities import History
from workers.core.topics.kept.opening import NO_OPENING, Opening
from workers.core.topics.sums import Sums

Kind = Literal["contrast", "novelty", "speaker", "cue", "form", "wording", "time"]
KINDS: Final[tuple[Kind, ...]] = (
    "contrast",
    "novelty",
    "speaker",
    "cue",
    "form",
    "wording",
    "time",
)

_BEGINNING: Final = 20
"""Sentences after which a stream is no longer just beginning."""


def names(look_ahead: int) -> tuple[tuple[str, ...], ...]:
    """Return the names of the features of each kind."""
    return (
        contrast.names(look_ahead),
        novelty.names(look_ahead),
        speakers.NAMES,
        phrases.CUE_NAMES,
        phrases.FORM_NAMES,
        ("wording",),
        ("pause", "early"),
    )


def values(
    sums: Sums,
    openings: tuple[Opening, ...],
    gap: int,
    look_ahead: int,
    background: NDArray[np.float64],
    histories: tuple[History, ...],
) -> tuple[tuple[list[float], ...], tuple[History, ...]]:
    """Return the features of a gap by kind, and the histories with this gap added.

    Args:
        sums: Of the kept sentences.
        openings: Of the newest sentences, the last of them the newest of *sums*.
        gap: Index of the sentence after the gap.
        look_ahead: Sentences that may be read from the gap on; where the stream has
            ended there may be fewer.
        background: Mean vector of all that was heard, for one unit of word mass.
        histories: Similarities of earlier gaps.
    """
    around = _around(openings, sums.count, gap)
    _, before, here, after, _ = around
    unlike, grown = contrast.values(sums, gap, look_ahead, background, histories)
    cues, form = phrases.values(around)
    wording = before.wording[0] + here.wording[1] + after.wording[2]
    kinds = (
        unlike,
        novelty.values(sums, gap, look_ahead),
        speakers.values(here, _turn_words(openings, sums.count, gap, look_ahead)),
        cues,
        form,
        [wording],
        [here.pause, exp(-gap / _BEGINNING)],
    )
    return kinds, grown


def _around(openings: tuple[Opening, ...], count: int, gap: int) -> Sequence[Opening]:
    """Return the openings of the two sentences before a gap and three after it."""
    place = gap - 2 - count + len(openings)
    found = openings[max(0, place) : place + 5]
    if len(found) == 5:  # noqa: PLR2004  # as many as are asked for
        return found
    return [opening_at(openings, count, index) for index in range(gap - 2, gap + 3)]


def opening_at(openings: tuple[Opening, ...], count: int, index: int) -> Opening:
    """Return the opening of a sentence, or ``NO_OPENING`` where none is kept."""
    place = index - count + len(openings)
    return openings[place] if 0 <= place < len(openings) else NO_OPENING


def _turn_words(
    openings: tuple[Opening, ...], count: int, gap: int, look_ahead: int
) -> int:
    """Return the words of the turn that begins at a gap; 0 where none does."""
    place = gap - count + len(openings)
    if place < 0 or not openings[place].speaker_changes:
        return 0
    words = openings[place].length
    for one in openings[place + 1 : place + look_ahead]:
        if one.speaker_changes:
            break
        words += one.length
    return words
