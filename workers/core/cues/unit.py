"""A stretch of text that stays whole on its line."""

from msgspec import Struct


class Unit(Struct, frozen=True, gc=False):
    """A stretch of a caption's text, at least one grapheme, without spaces."""

    start: int
    """Code points from the start of the caption's text."""
    end: int
    text: str
    columns: int
    spaced: bool
    """A space stands before it."""
    part: bool = False
    """Of a token that is longer than a line."""
