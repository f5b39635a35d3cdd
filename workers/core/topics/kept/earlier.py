"""The topics that have ended, as they are kept."""

from msgspec import Struct


class EarlierTopic(Struct, frozen=True, array_like=True):
    """A topic that has ended."""

    number: int
    vector: bytes
    """Its direction, half a byte a dimension."""
    stems: str
    """Of its best words, with spaces between."""


class Earlier(Struct, frozen=True, array_like=True, omit_defaults=True):
    """The topics that have ended, and how alike they are among themselves."""

    topics: tuple[EarlierTopic, ...] = ()
    count: int = 0
    """Pairs of topics compared."""
    mean: float = 0.0
    squares: float = 0.0
    """Summed squared deviations from the mean."""
