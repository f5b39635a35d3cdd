"""What a topic is called: its telling words, widened to phrases, steady as it grows.

Source:
    Frequency times a power of the word's weight, measured against five libraries on
    chapter titles that people gave.
"""

from collections.abc import Mapping
from itertools import chain
from math import sqrt
from typing import Final

from workers.core.topics.kept.counted import Counted, Counts
from workers.core.topics.kept.names import Names, Ranked
from workers.core.topics.kept.sentence import UNITS
from workers.core.topics.usage import name_key

KEYPHRASES: Final = 5
_WEIGHT_POWER: Final = 0.3
_CONTRAST_POWER: Final = 0.3
_CONTRAST: Final = 0.9
_WIDEN_SHARE: Final = 0.34
"""A phrase stands for its word if it is so much of the word's count."""
_LEAST_COUNT: Final = 2
_FEW: Final = 2
"""Beside one that was said often, up to so many phrases may have been said once, unless
they are names, or so rare that they may be misheard."""
_STEADY: Final = 0.8
"""An old name stays while it scores so much of the best."""
_NEW_PHRASES: Final = 2
"""So many new keyphrases are worth telling."""


def rank(
    counts: Counts, earlier: Mapping[str, int], earlier_topics: int
) -> list[Ranked]:
    """Return the best phrases of a topic, no stem in two of them.

    Args:
        counts: Of the topic.
        earlier: In how many earlier topics a stem was among the best.
        earlier_topics: How many those were.
    """
    by_key = {name_key(word.form): word for word in counts.words}
    scores = {
        key: word.sure
        * (word.units / UNITS) ** _WEIGHT_POWER
        * (1 - _CONTRAST * earlier.get(key, 0) / (earlier_topics + 1))
        ** _CONTRAST_POWER
        for key, word in by_key.items()
    }
    ranked: list[Ranked] = []
    taken: set[str] = set()
    order = sorted(scores, key=lambda key: (-scores[key], key))
    often = [key for key in order if by_key[key].sure >= _LEAST_COUNT]
    once = [key for key in order if _is_sound(by_key[key])] if often else []
    for key in chain(often, once):
        if len(ranked) >= (KEYPHRASES if by_key[key].sure > 1 else _FEW):
            break
        if key in taken:
            continue
        phrase = _widened(key, by_key[key], counts, taken)
        taken.update(map(name_key, phrase.split(" ")))
        taken.add(key)
        ranked.append(Ranked(phrase, key, scores[key]))
    return ranked


def _is_sound(word: Counted) -> bool:
    return word.sure == 1 and word.units < UNITS and word.form.islower()


def _widened(key: str, word: Counted, counts: Counts, taken: set[str]) -> str:
    """Return the commonest phrase around a word, or its commonest form."""
    needed = max(_LEAST_COUNT, _WIDEN_SHARE * word.sure)
    best, best_score = word.form, 0.0
    for counted in counts.phrases:
        if counted.sure < needed:
            continue
        stems = [name_key(part) for part in counted.form.split(" ")]
        score = counted.sure * sqrt(len(stems))
        # Of two as common the later one, "wind chimes" of "hung wind chimes".
        if key in stems and score >= best_score and taken.isdisjoint(stems):
            best, best_score = counted.form, score
    return best


def name(ranked: list[Ranked], old: Names | None) -> Names | None:
    """Return what to call a topic, which is *old* unless much speaks against it."""
    if not ranked:
        return old
    phrases = tuple(one.phrase for one in ranked)
    label = phrases[0]
    if " " not in label and len(phrases) > 1:
        label = f"{label}, {phrases[1]}"
    if old is None:
        return Names(label, phrases)
    head = old.keyphrases[0]
    good = [one for one in ranked if one.score >= _STEADY * ranked[0].score]
    holds = any(one.phrase == head or one.stem == name_key(head) for one in good)
    if holds and not (head in ranked[0].phrase and len(head) < len(ranked[0].phrase)):
        label = old.label
        phrases = (
            head,
            *(phrase for phrase in phrases if name_key(phrase) != name_key(head)),
        )
        phrases = phrases[:KEYPHRASES]
    heard = {name_key(part) for phrase in old.keyphrases for part in phrase.split(" ")}
    new = sum(
        heard.isdisjoint(name_key(part) for part in phrase.split(" "))
        for phrase in phrases
    )
    if label == old.label and new < _NEW_PHRASES:
        return old
    return Names(label, phrases)
