"""What is carried on of the whole stream: its mean, its speakers, its usual pause."""

from functools import lru_cache
from hashlib import blake2b
from math import log, log1p
from typing import Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from workers.core.topics.cues import ANNOUNCES, QUESTION
from workers.core.topics.kept.heard import Hearing, Speaker
from workers.core.topics.kept.opening import Opening
from workers.core.topics.kept.sentence import Meaning
from workers.core.topics.kept.utterance import Utterance
from workers.core.topics.language import DIMENSIONS

MAX_SPEAKERS: Final = 16
"""A meeting has fewer; where there are more, the one who spoke least is forgotten."""

_PACE_BELIEVED: Final = 20
_PACE_SENTENCES: Final = 200
_LONGEST_PACE_S: Final = 30.0
"""More is a break, not slow speech."""

_USUAL_PAUSES: Final = 101
"""Sentences over which the usual pause is averaged."""

USUALLY_ANNOUNCED: Final = 0.08
"""Of all sentences, so many announce; believed as if 40 had been heard."""
_BELIEVED: Final = 40


def add_meaning(hearing: Hearing, new: Meaning, old: Meaning | None = None) -> Hearing:
    """Return the sums with one more sentence, or with *new* in the place of *old*."""
    vector = new.vector if old is None else new.vector - old.vector
    mass = new.mass if old is None else new.mass - old.mass
    return replace(
        hearing,
        total=add_vector(hearing.total, vector),
        mass=max(0, hearing.mass + mass),
    )


def add_vector(total: bytes, vector: NDArray[np.int32]) -> bytes:
    """Return a sum kept as float32 with one more vector; empty is 0."""
    if not total:
        return vector.astype("<f4").tobytes()
    summed: NDArray[np.float32] = np.frombuffer(total, "<f4") + vector.astype("<f4")
    return summed.tobytes()


def background(hearing: Hearing) -> NDArray[np.float64]:
    """Return the mean vector of all that was heard, for one unit of word mass."""
    return _mean(hearing.total, hearing.mass)


@lru_cache(4)
def _mean(total: bytes, mass: int) -> NDArray[np.float64]:
    mean = read_vector(total) / max(1, mass)
    mean.flags.writeable = False  # asked for twice a sentence, so it is shared
    return mean


def read_vector(total: bytes) -> NDArray[np.float64]:
    """Return a sum kept as float32; empty is 0."""
    if not total:
        return np.zeros(DIMENSIONS)
    return np.frombuffer(total, "<f4").astype(np.float64)


def hear(
    hearing: Hearing, said: Utterance, index: int, opening: Opening
) -> tuple[Hearing, Opening]:
    """Take in who says the sentence number *index*, and when.

    Returns:
        The hearing, and the opening with what depends on the speakers so far.
    """
    name = None
    if said.speaker is not None:
        name = _hash(said.speaker)
    changes = index > 0 and name is not None and name != hearing.speaker
    pause, usual = _pause(hearing, said, index)
    asks = share = 0.0
    questions = hearing.questions
    speakers = hearing.speakers
    if name is not None:
        place, own = _find(speakers, name)
        asks = (own.questions + 1) / (own.sentences + 4) - (questions + 1) / (index + 4)
        share = own.sentences / (index + 1) if len(speakers) > 1 else 0.0
        asked = int(opening.bits & QUESTION > 0)
        questions += asked
        own = Speaker(name, own.sentences + 1, own.questions + asked)
        speakers = (*speakers[:place], own, *speakers[place + 1 :])
        if len(speakers) > MAX_SPEAKERS:
            least = min(speakers[:-1], key=lambda other: other.sentences)
            speakers = tuple(other for other in speakers if other is not least)
    heard_s = hearing.heard_s
    for time in (said.start_s, said.end_s):
        if time is not None and (heard_s is None or time > heard_s):
            heard_s = time
    # Both made anew, since `replace` takes four times as long; rounded by way of whole
    # numbers, since `round` to digits takes five times as long.
    heard = Hearing(
        total=hearing.total,
        mass=hearing.mass,
        speakers=speakers,
        questions=questions,
        speaker=name,
        turn=1 if changes else hearing.turn + 1,
        usual_pause=usual,
        end_s=said.end_s,
        heard_s=heard_s,
        pace_s=_pace_s(hearing, said, index),
        announced=hearing.announced + int(opening.bits & ANNOUNCES > 0),
    )
    return heard, Opening(
        start_s=opening.start_s,
        bits=opening.bits,
        quote=opening.quote,
        length=opening.length,
        wording=opening.wording,
        speaker_changes=changes,
        asks=round(asks * 1e4) / 1e4,
        share=round(share * 1e4) / 1e4,
        turn_before=hearing.turn if changes else 0,
        pause=round(min(2.5, max(-1.0, pause - usual)) * 1e4) / 1e4,
        known_language=opening.known_language,
        announces=surprise(hearing, index) if opening.bits & ANNOUNCES else 0.0,
    )


def surprise(hearing: Hearing, index: int) -> float:
    """Return what an announcement is worth as the sentence number *index*.

    It is the third part of the logarithm of how rare they were before.
    """
    rate = (hearing.announced + _BELIEVED * USUALLY_ANNOUNCED) / (index + _BELIEVED)
    return round(-log(rate) / 3 * 1e4) / 1e4


def _find(speakers: tuple[Speaker, ...], name: str) -> tuple[int, Speaker]:
    """Return the place of a speaker, the one after the last if they are new."""
    for place, speaker in enumerate(speakers):
        if speaker.name == name:
            return place, speaker
    return len(speakers), Speaker(name, 0, 0)


@lru_cache(1024)
def _hash(speaker: str) -> str:
    return blake2b(speaker.encode(), digest_size=6).hexdigest()


def _pace_s(hearing: Hearing, said: Utterance, index: int) -> float:
    """Return how long a sentence takes, this one counted in if it has times."""
    if said.end_s is None or hearing.end_s is None:
        return hearing.pace_s
    took_s = min(_LONGEST_PACE_S, max(0.0, said.end_s - hearing.end_s))
    share = 1.0 / min(index + _PACE_BELIEVED, _PACE_SENTENCES)
    # Not below the least that a pace is asked for: a stream may repeat one time.
    pace_s = max(0.1, hearing.pace_s + (took_s - hearing.pace_s) * share)
    return round(pace_s * 1e3) / 1e3


def _pause(hearing: Hearing, said: Utterance, index: int) -> tuple[float, float]:
    """Return the logarithm of one plus the pause in seconds, and the usual one."""
    pause = 0.0
    if said.start_s is not None and hearing.end_s is not None:
        pause = log1p(max(0.0, said.start_s - hearing.end_s))
    share = 1.0 / min(index + 1, _USUAL_PAUSES)
    usual = hearing.usual_pause + (pause - hearing.usual_pause) * share
    return pause, round(usual * 1e5) / 1e5
