"""A caption as the runs have it now."""

from collections.abc import Sequence

from msgspec import Struct

from workers.core.merging.heard import Heard
from workers.core.merging.state import Run


class Part(Struct, frozen=True, gc=False):
    """The words of one run in a caption: from *first* to before *end* of the run."""

    run: Run
    first: int
    end: int


class Piece(Struct, frozen=True, gc=False):
    """A caption as the runs have it now."""

    words: Sequence[Heard]
    text: str
    parts: list[Part]
    stable: int
    """Leading code points of the text that will not change."""
    complete: bool
    """No word that may still come belongs to it."""
    behind: bool
    """A caption of later speech is closed already (rule 6)."""
    ends_itself: bool
    """By its punctuation or its utterance, not by what follows it."""
