"""What is remembered of a stream while it lives, and after."""

from msgspec import Struct

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


class Live(Struct, frozen=True, tag="live", omit_defaults=True, gc=False):
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


class Gravestone(Struct, frozen=True, tag="gone", omit_defaults=True):
    """What is left of an ended life; at most 200 bytes."""

    life: str
    ended_ms: int
    end_s: float
    prints: tuple[int, ...]
    started_ms: int | None = None


StreamState = Live | Gravestone
