"""Words of a text, in any script, and their light stems."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

MAX_CHARACTERS: Final = 2000
"""So much of a caption is read: ours have 300, what is longer repeats itself."""

MAX_WORD: Final = 32
"""Longer ones are no words: addresses, or speech without spaces gone wrong."""

_ASCII_WORD: Final = re.compile(r"[a-z][a-z']+")
_MARKS: Final = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u0900-\u0963\u0970-\u0dff"
)
_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3"  # Thai, Lao, Myanmar, Khmer
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"  # kana, Han
)
# Each character matches one alternative only, so that the time is linear.
_WORD: Final = re.compile(rf"[^\W\d_](?:[^\W\d_]|['{_MARKS}{_UNSPACED}])+")
_IS_UNSPACED: Final = re.compile(f"[{_UNSPACED}]")

_ENDINGS: Final = (
    ("ings", ""),
    ("ing", ""),
    ("ies", "y"),
    ("ied", "y"),
    ("ed", ""),
    ("es", ""),
    ("s", ""),
    ("ly", ""),
)
_SHORTEST_STEM: Final = 4


def plain(text: str) -> str:
    """Return the text as the rules read it: its beginning, lower case, one quote."""
    return text[:MAX_CHARACTERS].lower().replace("\u2019", "'")


def words(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the words of plain text, and whether each follows the one before.

    Words have two letters or more. One follows another where only a space is in
    between. A script without spaces gives pairs of characters, none following.
    """
    return ((word, follows) for word, _, follows in placed_words(text))


def placed_words(text: str) -> Iterator[tuple[str, int, bool]]:
    """Yield the same with where each word begins."""
    end = -2
    for found in (_ASCII_WORD if text.isascii() else _WORD).finditer(text):
        word, start = found[0], found.start()
        if not word.isascii() and _IS_UNSPACED.search(word):
            for at in range(len(word) - 1):
                yield word[at : at + 2], start + at, False
            end = -2
        else:
            yield word, start, start == end + 1 and text[end] == " "
            end = found.end()


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the word without its commonest English endings and what follows a quote.

    At least four letters stay. "stories" and "story" agree; "ran" and "run" do not:
    the score was trained on these stems, so better ones would need new weights.
    """
    word = word.split("'", 1)[0]
    for ending, replacement in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)] + replacement
    return word
