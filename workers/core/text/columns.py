"""How wide text is on a screen of even columns: East Asian Width."""

from typing import Final

from wcwidth import wcswidth

from workers.core.text.graphemes import graphemes, is_plain

WIDEST: Final = 2
"""Columns of one grapheme, at most: what is built of many parts is drawn as one."""


def columns(text: str) -> int:
    """Return the columns that *text* takes, the sum of those of its graphemes.

    Source:
        UAX #11, wide and fullwidth are two columns, ambiguous is one; combining
        marks, emoji sequences and controls as in ``wcwidth``.
    """
    if is_plain(text):
        return len(text)
    return sum(map(grapheme_columns, graphemes(text)))


def grapheme_columns(grapheme: str) -> int:
    """Return the columns of one grapheme: 0 to 2."""
    return min(max(wcswidth(grapheme), 0), WIDEST)
