"""What is remembered of the cues of a stream in one profile, and how much.

Like all state, of no interest to Python's collector: see `merging.state`.
"""

from hashlib import blake2b
from zlib import crc32

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
_CUE_SIZE = 5
_MAX_KEY = 48
"""Bytes of a caption id kept as it is; a longer one by its digest."""


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


class CueState(Struct, frozen=True, kw_only=True, gc=False):
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


def key_of(caption_id: str) -> str:
    """Return what a caption is remembered by: printable, 48 bytes at most."""
    if (
        len(caption_id) <= _MAX_KEY
        and caption_id.isascii()
        and caption_id.isprintable()
    ):
        return caption_id
    return blake2b(caption_id.encode(), digest_size=_MAX_KEY // 2).hexdigest()


def find(state: CueState, caption_id: str) -> ShownCaption | None:
    """Return what is remembered of a caption."""
    key = key_of(caption_id)
    # A caption that grows is mostly not there yet, which is asked at each update.
    if key not in [caption.key for caption in state.captions]:
        return None
    return next(one for one in reversed(state.captions) if one.key == key)


def text_check(text: str) -> int:
    """Return a checksum by which text is known again."""
    return crc32(text.encode())


def remember(state: CueState, changed: ShownCaption) -> tuple[ShownCaption, ...]:
    """Put a caption in its place and drop what is too much, oldest first.

    Final captions stand in the order in which they became final, as merging keeps
    them, so that whatever it may still revise is here. They go before open ones: to
    forget an open one is to show its words again when it becomes final.
    """
    kept = list(state.captions)
    keys = [caption.key for caption in kept]
    if changed.key in keys:
        place = keys.index(changed.key)
        if kept[place].final:
            kept[place] = changed
        else:
            del kept[place]
            kept.append(changed)
    else:
        kept.append(changed)
    finals = sum([caption.final for caption in kept])
    while finals > MAX_CAPTIONS:
        kept.remove(_oldest(kept))
        finals -= 1
    while len(kept) - finals > MAX_OPEN:
        kept.remove(next(caption for caption in kept if not caption.final))
    size = sum(
        [_CUE_SIZE + len(cue.line_ends) for caption in kept for cue in caption.cues]
    )
    while size * state.sharing > MAX_SIZE:
        oldest = _oldest([caption for caption in kept if caption.cues])
        size -= _size(oldest)
        kept[kept.index(oldest)] = ShownCaption(
            oldest.key,
            oldest.final,
            oldest.done,
            oldest.inside,
            oldest.end_s,
            (),
            lost=True,
            start_s=oldest.start_s,
        )
    return tuple(kept)


def _size(caption: ShownCaption) -> int:
    size = 0
    for cue in caption.cues:
        size += _CUE_SIZE + len(cue.line_ends)
    return size


def _oldest(captions: list[ShownCaption]) -> ShownCaption:
    for caption in captions[:-1]:
        if caption.final:
            return caption
    return captions[0]


def forget(
    captions: tuple[ShownCaption, ...], gone: ShownCaption
) -> tuple[ShownCaption, ...]:
    """Drop a caption that was withdrawn."""
    return tuple(caption for caption in captions if caption.key != gone.key)
