"""What a topic is called: its telling words, widened to phrases, steady as it grows.

Source:
    Frequency times a power of the word's weight, measured against five libraries on
    chapter titles that people gave.
"""

from collections.abc import Mapping
from math import sqrt

from msgspec import Struct

from workers.core.topics.counts import Counted, Counts
from workers.core.topics.sentence import UNITS
from workers.core.topics.words import stem

KEYPHRASES = 5
_WEIGHT_POWER = 0.3
_CONTRAST_POWER = 0.3
_CONTRAST = 0.9
_WIDEN_SHARE = 0.34
"""A phrase stands for its word if it is so much of the word's count."""
_LEAST_COUNT = 2
_STEADY = 0.8
"""An old name stays while it scores so much of the best."""
_NEW_PHRASES = 2
"""So many new keyphrases are worth telling."""


class Names(Struct, frozen=True, array_like=True):
    """The label of a topic and its keyphrases, the best first."""

    label: str
    keyphrases: tuple[str, ...]


class Ranked(Struct, frozen=True):
    """A phrase with the score of its leading word."""

    phrase: str
    stem: str
    score: float


def rank(
    counts: Counts, earlier: Mapping[str, int], earlier_topics: int
) -> list[Ranked]:
    """Return the best phrases of a topic, no stem in two of them.

    Args:
        counts: Of the topic.
        earlier: In how many earlier topics a stem was among the best.
        earlier_topics: How many those were.
    """
    by_stem = {stem(word.form): word for word in counts.words}
    scores = {
        key: word.sure
        * (word.units / UNITS) ** _WEIGHT_POWER
        * (1 - _CONTRAST * earlier.get(key, 0) / (earlier_topics + 1))
        ** _CONTRAST_POWER
        for key, word in by_stem.items()
    }
    ranked: list[Ranked] = []
    taken: set[str] = set()
    for key in sorted(scores, key=lambda key: (-scores[key], key)):
        if key in taken or by_stem[key].sure < _LEAST_COUNT:
            continue
        phrase = _widened(key, by_stem[key], counts, taken)
        taken.update(map(stem, phrase.split(" ")))
        taken.add(key)
        ranked.append(Ranked(phrase, key, scores[key]))
        if len(ranked) == KEYPHRASES:
            break
    return ranked


def _widened(key: str, word: Counted, counts: Counts, taken: set[str]) -> str:
    """Return the commonest phrase around a word, or its commonest form."""
    needed = max(_LEAST_COUNT, _WIDEN_SHARE * word.sure)
    best, best_score = word.form, 0.0
    for counted in counts.phrases:
        if counted.sure < needed:
            continue
        stems = [stem(part) for part in counted.form.split(" ")]
        score = counted.sure * sqrt(len(stems))
        if key in stems and score > best_score and taken.isdisjoint(stems):
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
    holds = any(one.phrase == head or one.stem == stem(head) for one in good)
    if holds and not (head in ranked[0].phrase and len(head) < len(ranked[0].phrase)):
        label = old.label
        phrases = (head, *(phrase for phrase in phrases if stem(phrase) != stem(head)))
        phrases = phrases[:KEYPHRASES]
    heard = {stem(part) for phrase in old.keyphrases for part in phrase.split(" ")}
    new = sum(
        heard.isdisjoint(stem(part) for part in phrase.split(" ")) for phrase in phrases
    )
    if label == old.label and new < _NEW_PHRASES:
        return old
    return Names(label, phrases)
