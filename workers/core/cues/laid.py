"""Cues as they are laid out, and what is beside them."""

from msgspec import Struct

from schemas.captions import BrokenRule
from workers.core.cues.surroundings import Surroundings


class Laid(Struct, frozen=True):
    """One cue, but for its name."""

    lines: tuple[str, ...]
    line_ends: tuple[int, ...]
    """Code points from the start of the caption."""
    inside: bool
    """It ends inside a token that is longer than a line."""
    start_s: float | None
    end_s: float | None
    compliance: tuple[BrokenRule, ...]
    near: Surroundings | None = None
    """What its rules of time were looked at with."""
    split: bool = False
    single: bool = False


class Beside(Struct, frozen=True):
    """The cues of other captions that a gap must keep apart from those laid out."""

    before_s: float | None = None
    """When the last one before them ends."""
    next_s: float | None = None
    """When the first one after them begins, if that is known already."""
