"""What is kept of a sentence while a topic may yet begin with it."""

from msgspec import Struct

OPENINGS = 24
"""A gap is decided 20 sentences late, and may be moved by 3 more."""


class Opening(Struct, frozen=True, array_like=True, omit_defaults=True):
    """How a sentence began; known when it is heard, but for a later revision."""

    start_s: float | None
    bits: int
    """Families of cue phrases, and whether it asks, announces, begins with thanks."""
    quote: str
    """The cue, in its words."""
    length: int
    """In words."""
    wording: tuple[float, float, float]
    """How it sounds as the sentence before a change, at a change, and after one."""
    speaker_changes: bool = False
    asks: float = 0.0
    """How much more of the speaker's sentences are questions than of all, so far."""
    share: float = 0.0
    """Of the sentences so far, by this speaker."""
    turn_before: int = 0
    """Sentences of the turn that ended here."""
    pause: float = 0.0
    """Log of the pause before it over the usual one, -1 to 2.5."""
    known_language: bool = True
    """Its words have weights from counts."""
    announces: float = 0.0
    """How rare an announcement is in this talk, if it is one: 1 for one in twenty."""


NO_OPENING = Opening(None, 0, "", 0, (0.0, 0.0, 0.0))
"""Stands where there is no sentence."""
