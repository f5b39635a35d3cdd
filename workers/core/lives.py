"""What is remembered of a stream while it lives, and after."""

from typing import Any, final

from msgspec import Struct, field

from workers.core import cues, merging
from workers.core.figures import Figures
from workers.core.quality import QualityRules

MAX_PROFILES = 8
"""Whose cues are remembered of one life, those set no longer among them."""


class CaptionRules(Struct, frozen=True, kw_only=True):
    """What may be set about captions; wall times in milliseconds."""

    merge: merging.MergeSettings = merging.MergeSettings()
    quality: QualityRules = QualityRules()
    profiles: tuple[cues.Profile, ...] = (cues.WEB,)
    life_silence_ms: int = 15 * 60_000
    """A stream that says nothing for so long has ended."""
    gravestone_ms: int = 3_600_000
    """So long an ended life is remembered."""
    metrics_ms: int = 10_000


class Memo(Struct, eq=False, gc=False):
    """What parts of a life were written as, so that it need not be done again.

    It is no part of the state: it is not written, any two are equal, and rules only
    hand it on. A part is known again by being the very same value.
    """

    parts: dict[str, Any] = {}
    """By name: the part, and what was made of it."""

    def __eq__(self, other: object) -> bool:
        """Make no difference."""
        return isinstance(other, Memo)

    __hash__ = None  # type: ignore[assignment]  # as of what can change


class Live(Struct, frozen=True, array_like=True, tag="live", gc=False):
    """A life that goes on."""

    merge: merging.MergeState
    cues: tuple[cues.CueState, ...]
    figures: Figures
    heard_ms: int
    """When the last segment arrived."""
    prints: tuple[int, ...] = ()
    """Of the last segments."""
    started_ms: int | None = None
    """The moment of media second 0, where the provider tells it."""
    memo: Memo = field(default_factory=Memo)


@final
class Gravestone(Struct, frozen=True, array_like=True, tag="gone"):
    """What is left of an ended life; at most 200 bytes."""

    life: str
    ended_ms: int
    end_s: float
    prints: tuple[int, ...]
    started_ms: int | None = None


StreamState = Live | Gravestone
