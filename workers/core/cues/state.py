"""What is remembered of the cues of a stream in one profile, and how much.

Like all state, of no interest to Python's collector: see `merging.state`.
"""

from msgspec import Struct

from schemas.captions import RuleName

MAX_CAPTIONS = 20
"""As many final captions as merging may still revise."""
MAX_OPEN = 20
"""Captions that still grow and have a cue already: two or three a channel, of eight."""
MAX_SIZE = 1792
"""Of all captions remembered, in all profiles of a stream: a cue is 5, each of its
lines 1, a unit some 6 bytes. That is 256 cues of two lines in one profile, 12 a
caption, where 2 are usual. With 160 bytes a caption all state of a profile is under 24
KiB; with eight profiles of a stream, all of them are under 48 KiB."""
OVERLAP_S = 0.25
"""Captions that overlap by no more follow each other, one time or the other being a
little wrong; those that overlap by more are spoken at once, and shown so."""


class ShownCue(Struct, frozen=True, array_like=True, gc=False):
    """One cue as last sent."""

    number: int
    revision: int
    line_ends: tuple[int, ...]
    """Code points from the start of the caption; the last is the end of the cue."""
    check: int
    """CRC-32 of the caption's text that is in this cue."""


class ShownCaption(Struct, frozen=True, array_like=True, gc=False):
    """One caption that has cues, or is final."""

    key: str
    final: bool
    done: int
    """So many code points of the caption's text are in its cues."""
    inside: bool
    """``done`` is inside a token that is longer than a line."""
    end_s: float | None
    """When its last cue ends."""
    cues: tuple[ShownCue, ...]
    lost: bool = False
    """It had more cues than can be remembered, so that none can be revised."""
    start_s: float | None = None
    """When its first cue begins."""


class Waiting(Struct, frozen=True, array_like=True, omit_defaults=True, gc=False):
    """The last cue of a final caption, of which a rule may still be kept."""

    key: str
    """Of its caption; its id."""
    lines: tuple[str, ...]
    spoken_s: float
    spoken_end_s: float
    end_s: float
    """As last sent."""
    rules: tuple[RuleName, ...]
    """Those it broke, as last sent."""
    before_s: float | None = None
    """When the cue before it ends."""
    speaker: str | None = None
    language: str | None = None
    split: bool = False
    single: bool = False
    next_key: str | None = None
    """The caption that follows, which is still open, and when it begins."""
    next_s: float | None = None
    told: bool = False
    """It was sent again."""


class CueState(Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """The cues of one life of a stream, in one profile."""

    stream_id: str
    life: str
    profile: str = ""
    sharing: int = 1
    """So many profiles share what may be remembered of the stream."""
    next_number: int = 0
    captions: tuple[ShownCaption, ...] = ()
    """Those that are final in the order in which they became so; an open one that
    changed last is the last."""
    waiting: tuple[Waiting, ...] = ()
    """Cues to send again when it is known what follows, the oldest first."""
