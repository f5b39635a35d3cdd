"""What a rule may say beside messages: that nothing happened, and why."""

from typing import final

from msgspec import Struct

from schemas.fields import Message


@final
class Noted(Struct, frozen=True):
    """What became of a segment or a correction; metrics count it."""

    outcome: str


@final
class Refused(Struct, frozen=True):
    """A segment or a correction that cannot be used."""

    reason: str
    """One word, such as ``too_late``."""
    evidence: str
    """What it said."""
    error: str
    """What is wrong with it, in words, and none of its own."""


Output = Message | Noted | Refused
