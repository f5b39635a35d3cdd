"""``Language`` by wordfreq and wordllama; both are loaded when first asked."""

from collections.abc import Callable
from functools import cached_property, lru_cache
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np

from workers.core.text.scripts import has_unspaced
from workers.core.topics.language import DIMENSIONS, Vector
from workers.core.topics.words import MAX_CHARACTERS
from workers.language.english import FILLERS, NAMELESS

_COMMONEST = 6.3
"""Zipf frequency (log10 of uses in 10^9 words) from which on a word tells nothing."""
_RANGE = 4.0
_UNHEARD_OF = 2.0
_MIDDLE = 0.5
"""Weight of each word in a language whose words we have not counted."""
_COMMON = 0.25
_SHORTEST = 3
_COMMONEST_NAME = 5.4
"""Zipf frequency of a word that may name a topic where we have no list of others."""
_LONG = 5
_COUNTED = {
    **{
        language: language
        for language in "ar bg bn ca cs da de el es fa fi fr he hi hu id is it lt lv mk"
        " ms nb nl pl pt ro ru sk sl sv ta tr uk ur vi".split()
    },
    **dict.fromkeys(("sr", "hr", "bs"), "sh"),
    "no": "nb",
    "tl": "fil",
}
"""Languages whose common words wordfreq tells, without a package that cuts text into
words. Names need no more; the score was trained on English (see ARCHITECTURE.md)."""


class WordLlamaLanguage:
    """Words of English by their frequency, vectors of any text by wordllama.

    wordllama takes texts apart into pieces of words and averages their vectors: fast,
    without a model to run, best in English, usable in other European languages.
    """

    def __init__(self, *, words: int = 32768, sentences: int = 512) -> None:
        self._vector: Callable[[str], Vector] = lru_cache(words)(self._embed)
        self._sentence: Callable[[str], Vector] = lru_cache(sentences)(self._embed)
        self._piece: Callable[[str], list[int]] = lru_cache(words)(self._tokens)

    def warm_up(self) -> None:
        """Load everything now (about 2 s), so that the first caption need not wait."""
        self.weight("word", "en")
        self.word_vector("word")

    def knows(self, language: str) -> bool:
        """Tell whether we have counted the words of this language."""
        return language == "en"

    def weight(self, word: str, language: str) -> float:
        """Return 0 for fillers, short and very common words, 1 for rare ones."""
        if len(word) < _SHORTEST and word.isascii():
            return 0.0
        if not self.knows(language):
            return _MIDDLE
        if word in FILLERS:
            return 0.0
        zipf = self._zipf(word, language) or _UNHEARD_OF
        return min(1.0, max(0.0, (_COMMONEST - zipf) / _RANGE))

    def name_weight(self, word: str, language: str) -> float:
        """Return how well a topic would be named by this word: 0 not at all, 1 well.

        Where it is not known how common words are, short ones name nothing.
        """
        if self.knows(language):
            return self.weight(word, language) if self._is_name(word) else 0.0
        counted = _COUNTED.get(language)
        if counted is None:
            long = len(word) >= _LONG or has_unspaced(word)
            return _MIDDLE if long and "'" not in word else 0.0
        zipf = self._zipf(word, counted, "small") or _UNHEARD_OF
        if zipf > _COMMONEST_NAME or len(word) <= _SHORTEST:
            return 0.0
        return min(1.0, (_COMMONEST - zipf) / _RANGE)

    def _is_name(self, word: str) -> bool:
        """Tell whether an English word may name a topic: not "thing", nor "here's"."""
        if word in NAMELESS or (word[-1:] == "s" and word[:-1] in NAMELESS):
            return False
        base, quote, _ = word.partition("'")
        short_form = base in NAMELESS or self.weight(base, "en") < _COMMON
        return not (quote and short_form)  # as in "here's"; not as in "einstein's"

    def word_vector(self, word: str) -> Vector:
        """Return the unit vector of a word; all 0 where it has none."""
        return self._vector(word)

    def sentence_vector(self, text: str) -> Vector:
        """Return the unit vector of the beginning of a text; all 0 if it has none."""
        return self._sentence(text[:MAX_CHARACTERS])

    def _embed(self, text: str) -> Vector:
        ids = self._ids_of(text)
        if not ids:
            return np.zeros(DIMENSIONS, np.float32)
        summed: Vector = np.add.reduce(self._llama.embedding.take(ids, axis=0), axis=0)
        length = np.float32(sqrt(float(summed @ summed)) + 1e-9)
        return summed / length

    def _ids_of(self, text: str) -> list[int]:
        """Return the tokens of a text.

        None of wordllama's goes over a space, so they are remembered for what is
        between spaces; what it takes for a mark of its own, or two spaces, does.
        """
        pieces = text.split(" ")
        if "" in pieces or "<" in text:
            return self._tokens(text)
        return [token for piece in pieces for token in self._piece(piece)]

    def _tokens(self, text: str) -> list[int]:
        ids: list[int] = self._llama.tokenizer.encode(
            text, add_special_tokens=False
        ).ids
        return ids

    @cached_property
    def _llama(self) -> Any:
        # Takes a second, so only where topics are; it comes without types.
        import wordllama  # type: ignore[import-untyped]  # noqa: PLC0415

        # Its own loader looks for `tokenizer/` where its wheel has `tokenizers/`,
        # and would then ask the network; as a cache, the package has all it needs.
        return wordllama.WordLlama.load(
            cache_dir=Path(wordllama.__file__).parent, disable_download=True
        )

    @cached_property
    def _zipf(self) -> Callable[..., float]:
        from wordfreq import zipf_frequency  # noqa: PLC0415  # as above

        return zipf_frequency
