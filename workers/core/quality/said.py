"""A word of a caption with its time."""

from msgspec import Struct


class Said(Struct, frozen=True):
    """One word, as it is compared with those of other channels."""

    word: str
    start_s: float
    number: int
    """Of its caption; 0 where that does not matter."""
