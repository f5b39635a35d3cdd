"""How often a topic has said what: words and phrases, counted."""

from msgspec import Struct


class Counted(Struct, frozen=True, array_like=True, omit_defaults=True):
    """A word with its variants, or a phrase."""

    form: str
    """The commonest one of late."""
    count: int
    error: int = 0
    """So many of the count may be others'."""
    lead: int = 1
    """Of the form over other variants."""
    units: int = 0
    """Weight of the word; 0 for a phrase."""

    @property
    def sure(self) -> int:
        """How often it was said at least."""
        return self.count - self.error


class Counts(Struct, frozen=True, array_like=True, omit_defaults=True):
    """Words, no two of one stem, and phrases."""

    words: tuple[Counted, ...] = ()
    words_floor: int = 0
    """What any forgotten word may have been said."""
    phrases: tuple[Counted, ...] = ()
    phrases_floor: int = 0
