"""Which words and short phrases a topic has said how often, in bounded space.

Source:
    Space-Saving; Metwally, Agrawal and El Abbadi (2005), a batch at a time: what is
    new takes the place of the rarest and inherits its count as a possible error.
"""

from collections.abc import Iterable
from operator import attrgetter
from typing import Final

from workers.core.topics.kept.counted import Counted, Counts
from workers.core.topics.kept.sentence import Sentence
from workers.core.topics.lexicon import Lexicon
from workers.core.topics.usage import may_name, name_key

_WORDS: Final = 32
_PHRASES: Final = 16
OPENING: Final = 8
"""Sentences in which a topic is said to be what it is; a change is found late or early
by three or four."""

_BY_COUNT: Final = attrgetter("count")


def add_sentences(
    counts: Counts, sentences: Iterable[Sentence], lexicon: Lexicon, opening: int = 0
) -> Counts:
    """Return the counts with these sentences.

    Args:
        counts: Of the topic so far.
        sentences: Of the topic, in their order.
        lexicon: Of this worker.
        opening: How many of these are among the topic's first: whoever turns to
            something says what it is, maybe never again, so they count twice.
    """
    words = {name_key(word.form): word for word in counts.words}
    phrases = {phrase.form: phrase for phrase in counts.phrases}
    for place, sentence in enumerate(sentences):
        mentions = lexicon.mentions(sentence)
        for form, key, units in mentions.words:
            _count(words, key, form, units, counts.words_floor)
        for phrase in mentions.phrases:
            _count(phrases, phrase, phrase, 0, counts.phrases_floor)
        if place < opening:
            for form, key, units in mentions.words:
                _count(words, key, form, units, counts.words_floor)
            for phrase in filter(may_name, mentions.phrases):
                _count(phrases, phrase, phrase, 0, counts.phrases_floor)
    return Counts(
        *_most_counted(words, _WORDS, counts.words_floor),
        *_most_counted(phrases, _PHRASES, counts.phrases_floor),
    )


def _most_counted(
    table: dict[str, Counted], size: int, floor: int
) -> tuple[tuple[Counted, ...], int]:
    """Return the most counted, the newer ones among equals, and the new floor."""
    if len(table) <= size:
        return tuple(table.values()), floor
    ranked = sorted(table.values(), key=_BY_COUNT)
    return tuple(ranked[-size:]), max(floor, ranked[-size - 1].count)


def _count(
    table: dict[str, Counted], key: str, form: str, units: int, floor: int
) -> None:
    known = table.get(key)
    if known is None:
        table[key] = Counted(form, floor + 1, floor, 1, units)
    elif known.form == form:
        table[key] = Counted(
            form, known.count + 1, known.error, known.lead + 1, known.units
        )
    elif known.lead > 0:
        table[key] = Counted(
            known.form, known.count + 1, known.error, known.lead - 1, known.units
        )
    else:
        table[key] = Counted(form, known.count + 1, known.error, 1, units)
