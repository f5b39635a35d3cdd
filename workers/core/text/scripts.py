"""Scripts that are written without spaces between words."""

from typing import Final

import regex

UNSPACED: Final = (
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
)
"""Their characters, as a regular expression."""

_UNSPACED: Final = regex.compile(UNSPACED)


def has_unspaced(text: str) -> bool:
    """Tell whether any of *text* is in such a script; quickly where it is ASCII."""
    return not text.isascii() and _UNSPACED.search(text) is not None
