"""Why a gap was judged as it was, in words for people."""

from collections.abc import Sequence
from typing import Final

from schemas.topics import Evidence
from workers.core.topics.evidence import novelty
from workers.core.topics.evidence.every import KINDS, Kind, opening_at
from workers.core.topics.kept.opening import Opening
from workers.core.topics.kept.sentence import Sentence
from workers.core.topics.sums import Sums
from workers.core.topics.usage import NO_THING
from workers.core.topics.words import stem

_MOST: Final = 3
_LEAST: Final = 0.05
"""Log-odds too small to be a reason."""
_MAX_DETAIL: Final = 44
"""Bytes."""

_DETAILS: Final[dict[Kind, str]] = {
    "contrast": "unlike what was said before",
    "novelty": "new words",
    "speaker": "who speaks here",
    "cue": "opens as new topics do",
    "form": "questions and lengths of sentences",
    "wording": "sounds like a change",
    "time": "a pause",
}
_AGAINST: Final[dict[Kind, str]] = {
    "contrast": "like what was said before",
    "novelty": "few new words",
    "speaker": "who speaks here",
    "cue": "opens as topics go on",
    "form": "questions and lengths of sentences",
    "wording": "sounds like going on",
    "time": "the stream has just begun",
}


def reasons(
    contributions: Sequence[float],
    sums: Sums,
    sentences: tuple[Sentence, ...],
    openings: tuple[Opening, ...],
    gap: int,
) -> tuple[Evidence, ...]:
    """Return the strongest kinds of evidence for or against a change at a gap."""
    opening = opening_at(openings, sums.count, gap)
    strongest = sorted(
        zip(KINDS, contributions, strict=True), key=lambda part: -abs(part[1])
    )
    found: list[Evidence] = []
    for kind, weight in strongest:
        if abs(weight) < _LEAST or len(found) == _MOST:
            break
        if kind == "speaker" and not (opening.share or opening.speaker_changes):
            continue  # nobody is named: what it adds is the same at every gap
        detail = _DETAILS[kind] if weight > 0 else _AGAINST[kind]
        if kind == "novelty" and weight > 0:
            new = novelty.new_stems(sums, gap)
            detail = _new_words(_forms(new, sentences[gap - sums.first :])) or detail
        elif kind == "cue" and weight > 0 and opening.quote:
            detail = f"cue: {opening.quote}"
        elif kind == "speaker" and weight > 0 and opening.speaker_changes:
            detail = "speaker change"
        found.append(Evidence(name=kind, detail=detail, weight=weight))
    if not opening.known_language:
        found.append(
            Evidence(name="language", detail="no word weights for it", weight=0.0)
        )
    return tuple(found)


def _forms(stems: tuple[str, ...], sentences: tuple[Sentence, ...]) -> list[str]:
    """Return each stem as it was first said."""
    wanted = dict.fromkeys(stems, "")
    for sentence in sentences:
        for word in sentence.words.replace(",", " ").split(" "):
            form = word.removesuffix(NO_THING)
            key = stem(form.lower())
            if key in wanted and not wanted[key]:
                wanted[key] = form
    return [word for word in wanted.values() if word]


def _new_words(forms: list[str]) -> str:
    """Return the words in a sentence, as many as there is room for."""
    while forms:
        detail = f"new words: {', '.join(forms)}"
        if len(detail.encode()) <= _MAX_DETAIL:
            return detail
        forms = forms[:-1]
    return ""
