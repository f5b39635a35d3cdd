"""A word as heard."""

from msgspec import Struct


class Heard(Struct, frozen=True, array_like=True, omit_defaults=True, gc=False):
    """One word; array-like, since state holds many of them.

    Python's collector need not look at it (gc): it refers to nothing but text.
    """

    text: str
    start_s: float | None = None
    end_s: float | None = None
    glued: bool = False
    """No space stands before it."""
    sure: bool = False
    """The provider says that it will not change."""
    confidence: float | None = None
