"""What rules look at: what there is to read, and what is known around a cue."""

from msgspec import Struct

from workers.core.cues.timing import Span


class Reading(Struct, frozen=True):
    """What there is to read in a cue, as far as its profile counts it."""

    signs: int
    """Graphemes, spaces and punctuation included but for the end of a line; 0 where
    the profile has no rule about them."""
    words: int
    """0 where the profile has no rule about them."""
    seconds: float
    """How long the profile gives to read them; 0 without a rule."""


class Surroundings(Struct, frozen=True):
    """What is known of a cue and of those beside it when its rules are looked at."""

    spoken: Span
    """When its words are spoken."""
    before_s: float | None = None
    """When the cue before it ends."""
    next_s: float | None = None
    """When the cue after it begins."""
    followed: bool = True
    """It is known how long silence follows."""
    revised: bool = False
    """It keeps words it was shown with."""
