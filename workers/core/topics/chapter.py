"""One topic of a finished talk."""

from msgspec import Struct

from workers.core.topics.kept.names import Names


class Chapter(Struct, frozen=True):
    """One topic of a finished talk."""

    first: int
    """Place of its first sentence."""
    end: int
    """Place after its last."""
    names: Names | None
    """None where nothing in it may name it."""
