"""A word with its place in time, where sentences are cut."""

from msgspec import Struct


class Token(Struct, frozen=True):
    """A word, or a piece of text in a script that has no spaces between words."""

    text: str
    size: float
    """In words."""
    start_s: float | None = None
    end_s: float | None = None
