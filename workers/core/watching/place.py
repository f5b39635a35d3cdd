"""Where a watched phrase stands."""

from msgspec import Struct


class Place(Struct, frozen=True, array_like=True, order=True):
    """Where a watched phrase stands, in code points."""

    start: int
    end: int
    """Greater than *start*."""
    name: str
    """Of the watch, as it is set."""
