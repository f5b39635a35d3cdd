"""A topic that may still get events, and why it is thought to begin where it does."""

from typing import Literal

from msgspec import Struct

from schemas.topics import Evidence
from workers.core.topics.kept.names import Names

Phase = Literal["new", "provisional", "confirmed", "withdrawn", "ended"]


class Verdict(Struct, frozen=True, array_like=True, omit_defaults=True):
    """Why a topic is thought to begin, or not to begin, at its place."""

    score: float
    """Log-odds."""
    model: str
    evidence: tuple[Evidence, ...]
    latency_s: float | None
    probability: float = 1.0


class OpenTopic(Struct, frozen=True, array_like=True, omit_defaults=True):
    """A topic that may still get events."""

    number: int
    gap: int
    """Index of its first sentence in the life."""
    caption: int
    """Number of its first caption."""
    start_s: float | None
    verdict: Verdict
    phase: Phase = "new"
    events: int = 0
    names: Names | None = None
    returns_to: int | None = None
    next_naming: int = 8
    """Sentences it must have to be named, or named anew."""
