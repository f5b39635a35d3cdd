"""What counts as a word, in every script: UAX #29."""

from typing import Final

import regex

_BOUNDARY: Final = regex.compile(r"(?w)\b", regex.V1)
_SPOKEN: Final = regex.compile(r"[\p{Alphabetic}\p{N}]")


def words(text: str) -> list[str]:
    """Return the words of *text*, without spaces and punctuation.

    "can't" and "3.5" are one word each; a Chinese character is one, since nothing
    here knows a dictionary, and Thai text falls into its graphemes.

    Source:
        UAX #29, word boundaries, in the tables of ``regex``; a word is what has a
        letter or a digit.
    """
    return [part for part in _BOUNDARY.split(text) if _SPOKEN.search(part)]


def word_bounds(text: str) -> list[int]:
    """Return the offsets of all word boundaries of *text*, its two ends included."""
    return [match.start() for match in _BOUNDARY.finditer(text)]
