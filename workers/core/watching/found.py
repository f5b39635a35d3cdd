"""A phrase in a text."""

from msgspec import Struct


class Found(Struct, frozen=True):
    """A phrase in a text, in code points."""

    start: int
    end: int
    name: str
