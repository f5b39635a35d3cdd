"""The similarities of earlier gaps, as they are kept."""

from msgspec import Struct


class History(Struct, frozen=True, array_like=True, omit_defaults=True):
    """Similarities of the newest gaps for one pair of window widths."""

    steps: bytes = b""
    total: int = 0
    """Of the steps, ``_ZERO`` taken off."""
    squares: int = 0
