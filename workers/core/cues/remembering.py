"""What is remembered of cues: found, put in its place, dropped when it is too much."""

from hashlib import blake2b
from typing import Final
from zlib import crc32

from workers.core.cues.profiles import Profile
from workers.core.cues.state import (
    MAX_CAPTIONS,
    MAX_OPEN,
    MAX_SIZE,
    CueState,
    ShownCaption,
    ShownCue,
)

_CUE_SIZE: Final = 5
_MAX_KEY: Final = 48
"""Bytes of a caption id kept as it is; a longer one by its digest."""


def key_of(caption_id: str) -> str:
    """Return what a caption is remembered by: printable, 48 bytes at most."""
    if (
        len(caption_id) <= _MAX_KEY
        and caption_id.isascii()
        and caption_id.isprintable()
    ):
        return caption_id
    return blake2b(caption_id.encode(), digest_size=_MAX_KEY // 2).hexdigest()


def cue_id(state: CueState, cue: ShownCue, profile: Profile) -> str:
    """Return the id of a cue, which it keeps through all its revisions."""
    return f"{state.life}.{profile.name}.{cue.number}"


def find(state: CueState, caption_id: str) -> ShownCaption | None:
    """Return what is remembered of a caption."""
    key = key_of(caption_id)
    for caption in reversed(state.captions):
        if caption.key == key:
            return caption
    return None


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
