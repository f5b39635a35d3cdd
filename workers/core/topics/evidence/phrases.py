"""Phrases that open or close a topic, questions, and how long sentences are."""

from collections.abc import Sequence
from functools import lru_cache
from math import log1p
from typing import Final

from workers.core.topics.cues import BIT, NAMES, QUESTION, THANKS
from workers.core.topics.kept.opening import Opening

_AFTER: Final = ("move_on", "intention", "agenda", "asking", "courtesy", "discourse")
_BEFORE: Final = ("courtesy", "discourse", "move_on", "intention")

CUE_NAMES: Final = (
    "announced_here",
    "announced_at_turn",
    "thanks_after_turn",
    "asked_at_turn",
    *(f"{name}_here" for name in NAMES),
    *(f"{name}_after" for name in _AFTER),
    *(f"{name}_before" for name in _BEFORE),
)
FORM_NAMES: Final = (
    "question_here",
    "question_after",
    "question_before",
    "length_here",
    "length_before",
    "length_second_before",
)


def values(openings: Sequence[Opening]) -> tuple[list[float], list[float]]:
    """Return the features of cue phrases, and those of form.

    Args:
        openings: Of five sentences: two before the gap, the one after it, two more;
            ``NO_OPENING`` where there is none.
    """
    second_before, before, here, next_one, second_next = openings
    earlier = second_before.bits | before.bits
    later = next_one.bits | second_next.bits
    turns = float(here.speaker_changes)
    thanks = float(next_one.bits & THANKS > 0)
    cues = [
        here.announces,
        turns * here.announces,
        turns * thanks,
        turns * float(here.bits & BIT["asking"] > 0),
        *_flags(here.bits, NAMES),
        *_flags(later, _AFTER),
        *_flags(earlier, _BEFORE),
    ]
    form = [float(bits & QUESTION > 0) for bits in (here.bits, later, earlier)]
    form += [log1p(one.length) for one in (here, before, second_before)]
    return cues, form


@lru_cache(4096)
def _flags(bits: int, names: tuple[str, ...]) -> tuple[float, ...]:
    """Return 1 for each family that is among the bits, else 0."""
    return tuple(float(bits & BIT[name] > 0) for name in names)
