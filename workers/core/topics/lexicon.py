"""What a language knows of sentences: words worth keeping, and what those tell."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np

from workers.core.topics.kept.sentence import (
    UNITS,
    VECTOR_UNITS,
    Entry,
    Meaning,
    Mentions,
    Sentence,
)
from workers.core.topics.language import DIMENSIONS, Language
from workers.core.topics.usage import (
    NO_THING,
    as_written,
    is_past,
    name_key,
    names_thing,
    without_article,
)
from workers.core.topics.words import (
    MAX_CHARACTERS,
    MAX_WORD,
    placed_words,
    plain,
    stem,
)

KEPT: Final = 96
"""Sentences whose words are kept: a gap waits for 16, and looks back over 80."""


MAX_SENTENCE_BYTES: Final = 160
"""About 20 telling words; a caption of 300 characters rarely has more."""


MAX_WORDS_BYTES: Final = 5 * 1024
"""Of all kept sentences together; 96 usual ones need two thirds of it."""


_LEAST_UNITS: Final = UNITS // 4
"""Commoner words name nothing: about the 500 commonest."""


_MAX_NAME_BYTES: Final = 20


_MAX_PHRASE_BYTES: Final = 40


_LONGEST_PHRASE: Final = 3


_MORE_BYTES: Final = 16
"""Of each further caption of a sentence, as it is written."""


_SENTENCES: Final = 1024
"""Remembered; each is asked for twice at once, and again as its topic is named."""


NOTHING: Final = Meaning(np.zeros(DIMENSIONS, np.int32), 0, {})


class Lexicon:
    """A language's knowledge in whole numbers, remembered for common words."""

    def __init__(self, language: Language, *, words: int = 32768) -> None:
        self.language = language
        self.entry = lru_cache(words)(self._look_up)
        """What is known of a word, as it is kept, in a language; pure."""
        self.meaning = lru_cache(_SENTENCES)(self._mean)
        """What a kept sentence tells; pure."""
        self.mentions = lru_cache(_SENTENCES)(self._find_mentions)
        """What a kept sentence says that a topic may be named by; pure."""

    def _look_up(self, kept: str, language: str) -> Entry:
        said = kept.removesuffix(NO_THING)
        word = said.lower()
        weight = min(1.0, max(0.0, self.language.weight(word, language)))
        vector = self.language.word_vector(word)
        form = without_article(said, language)
        names = 0.0
        if said == kept:
            names = self.language.name_weight(form.lower(), language)
        return Entry(
            round(weight * UNITS),
            stem(word),
            np.rint(vector * (weight * VECTOR_UNITS)).astype(np.int16),
            round(min(1.0, max(0.0, names)) * UNITS),
            form.removesuffix("'s"),
            name_key(form),
        )

    def keep(self, text: str, language: str) -> tuple[str, int]:
        """Return the words of a text that are worth keeping, and how many it had.

        The first are kept, up to ``MAX_SENTENCE_BYTES`` of UTF-8.
        """
        spoken = plain(text)
        written = text[:MAX_CHARACTERS]
        if len(written) != len(spoken) or written.isupper():
            written = spoken
        kept: list[str] = []
        room = MAX_SENTENCE_BYTES
        joined = False
        count = 0
        said_words = placed_words(spoken)
        for word, start, follows in said_words:
            count += 1
            if len(word) > MAX_WORD or not (entry := self.entry(word, language)).units:
                joined = False
                continue
            said = written[start : start + len(word)]
            if said != word:
                said = as_written(written, start, start + len(word))
            if (
                language == "en"
                and entry.name_units >= _LEAST_UNITS
                and not names_thing(spoken, written, start, said)
            ):
                said += NO_THING
            room -= len(said) + 1 if said.isascii() else len(said.encode()) + 1
            if room < 0:
                # Nothing more is kept, so the rest need not be looked up.
                count += sum(1 for _ in said_words)
                break
            if kept:
                kept.append(" " if joined and follows else ",")
            kept.append(said)
            joined = True
        return "".join(kept), count

    def _mean(self, sentence: Sentence) -> Meaning:
        if not sentence.words:
            return NOTHING
        vector = np.zeros(DIMENSIONS, np.int32)
        stems: dict[str, int] = {}
        for word in sentence.words.replace(",", " ").split(" "):
            entry = self.entry(word, sentence.language)
            vector += entry.vector
            if entry.units > stems.get(entry.stem, 0):
                stems[entry.stem] = entry.units
        return Meaning(vector, sum(stems.values()), stems)

    def _find_mentions(self, sentence: Sentence) -> Mentions:
        named: list[tuple[str, str, int]] = []
        phrases: list[str] = []
        for run in self._runs(sentence):
            past = sentence.language == "en"
            for word in run:
                entry = self.entry(word, sentence.language)
                if not (past and is_past(word)):
                    named.append((entry.form, entry.key, entry.name_units))
            phrases += _phrases(
                [without_article(word, sentence.language) for word in run]
            )
        return Mentions(tuple(named), tuple(phrases))

    def _runs(self, sentence: Sentence) -> Iterator[list[str]]:
        """Yield the words that may name a topic, together where they stood together."""
        for part in sentence.words.split(",") if sentence.words else ():
            run: list[str] = []
            for word in part.split(" "):
                entry = self.entry(word, sentence.language)
                if (
                    entry.name_units >= _LEAST_UNITS
                    and len(word.encode()) <= _MAX_NAME_BYTES
                ):
                    run.append(word)
                elif run:
                    yield run
                    run = []
            if run:
                yield run


def _phrases(run: list[str]) -> Iterator[str]:
    """Yield each two or three neighbours, unless one is said twice or all is long."""
    for start in range(len(run)):
        longest = min(len(run), start + _LONGEST_PHRASE)
        for end in range(start + 2, longest + 1):
            phrase = " ".join(run[start:end]).removesuffix("'s")
            if (
                len(set(run[start:end])) == end - start
                and len(phrase.encode()) <= _MAX_PHRASE_BYTES
            ):
                yield phrase


def parts_of(sentence: Sentence) -> list[str]:
    """Return the words of each of a sentence's captions."""
    edges = [0, *(start for _, start in sentence.more), len(sentence.words)]
    return [sentence.words[a:b].strip(",") for a, b in pairwise(edges)]


def of_parts(numbers: Sequence[int], parts: Sequence[str], language: str) -> Sentence:
    """Return a sentence of the words of one caption or several."""
    if len(parts) == 1:
        return Sentence(numbers[0], parts[0], language)
    words, more = parts[0], []
    for number, part in zip(numbers[1:], parts[1:], strict=True):
        words = f"{words},{part}" if words and part else words or part
        more.append((number, len(words) - len(part)))
    return Sentence(numbers[0], words, language, tuple(more))


def keep_within_bounds(
    sentences: tuple[Sentence, ...], size: int
) -> tuple[tuple[Sentence, ...], int]:
    """Drop the oldest sentences beyond ``KEPT`` or ``MAX_WORDS_BYTES``.

    Args:
        sentences: Oldest first.
        size: Bytes of their words.

    Returns:
        The sentences that are kept, and the bytes of their words.
    """
    first = 0
    while len(sentences) - first > KEPT or size > MAX_WORDS_BYTES:
        size -= words_size(sentences[first])
        first += 1
    return sentences[first:], size


def words_size(sentence: Sentence) -> int:
    """Return the bytes of a sentence's words, and of what is kept to revise them."""
    return len(sentence.words.encode()) + _MORE_BYTES * len(sentence.more)
