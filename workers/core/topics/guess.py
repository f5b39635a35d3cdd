"""Which language a sentence is in, where nobody says: English, unless much denies it.

Told by small words alone: a fifth of an English sentence's words are among them.
"""

import re
from typing import Final

from workers.core.cues.function_words import function_words

UNKNOWN: Final = "und"
_MAX_LANGUAGE: Final = 3
"""Letters of a primary subtag that is registered; no other is told apart."""
_MOST_WORDS: Final = 40
_FEW_WORDS: Final = 6
"""Of so few nothing can be told."""
_FOREIGN_WORDS: Final = 8
"""So many without an English small word are not English."""
_LEAST: Final = 3
_SHARE: Final = 5
"""One in so many."""
_ASCII_LETTER: Final = re.compile("[A-Za-z]")


def _small_words(language: str) -> frozenset[str]:
    known = function_words(language)
    return known.conjunctions | known.prepositions | known.clinging | known.leading


_ENGLISH: Final = _small_words("en")
_OTHERS: Final = {language: _small_words(language) for language in ("de", "fr", "es")}


def language_of(text: str, tag: str | None) -> str:
    """Return a primary subtag such as ``en``, or ``und``.

    Args:
        text: Of a sentence.
        tag: BCP 47, such as ``en-GB``; None if nobody says.
    """
    if tag is not None:
        primary = tag.replace("_", "-").split("-", 1)[0].lower()
        usable = primary.isascii() and primary.isalpha()
        return primary if usable and len(primary) <= _MAX_LANGUAGE else UNKNOWN
    words = text[:1000].lower().split()[:_MOST_WORDS]
    english = sum(map(_ENGLISH.__contains__, words))
    if english * _SHARE >= len(words) and english:
        return "en"
    if not text.isascii() and not _ASCII_LETTER.search(text):
        return UNKNOWN
    if len(words) < _FEW_WORDS:
        return "en"
    counts = {
        language: sum(map(small.__contains__, words))
        for language, small in _OTHERS.items()
    }
    best = max(counts, key=counts.__getitem__)
    count = counts[best]
    if count >= _LEAST and count * _SHARE >= len(words) and count > 2 * english:
        return best
    return UNKNOWN if not english and len(words) >= _FOREIGN_WORDS else "en"
