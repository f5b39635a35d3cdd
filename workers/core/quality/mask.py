"""Words to mask."""

from msgspec import Struct


class Mask(Struct, frozen=True):
    """Words to mask, in lower case; made by `mask_for`."""

    whole: frozenset[str]
    """Words by themselves."""
    stems: frozenset[str]
    """Beginnings of words."""
    inside: frozenset[str]
    """Words of scripts without spaces, found anywhere."""
    beginnings: frozenset[str]
    """All that *whole* and *stems* begin with, themselves included."""
    inside_beginnings: frozenset[str]
    """All that those of *inside* begin with, themselves not included."""
    stem_sizes: tuple[int, ...]
    inside_sizes: tuple[int, ...]
