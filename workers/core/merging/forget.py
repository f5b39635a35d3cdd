"""Which closed captions are kept, and what is left of the others: rule 12."""

from zlib import crc32

import msgspec
from msgspec.structs import replace

from workers.core.merging.settings import MergeSettings
from workers.core.merging.state import Closed, Forgotten, MergeState

FORGOTTEN = 64
"""Segments remembered whose captions are no longer kept; some 15 bytes each."""
KEPT_BYTES = 16 * 1024
"""Of all kept captions as they are written. Twenty typical ones have 3 KiB; only long
ones in scripts of many bytes, or cut into many segments, are fewer for it."""

_CAPTION_BYTES = 100
_SOURCE_BYTES = 50
_CHAR_BYTES = 6
"""At the most, in JSON."""

_encode = msgspec.json.Encoder().encode


def trimmed(state: MergeState, settings: MergeSettings) -> MergeState:
    """Forget the oldest closed captions beyond the bound."""
    closed = state.closed
    first = max(0, len(closed) - settings.kept)
    if first == 0 and sum(map(_at_most, closed)) <= KEPT_BYTES:
        return state
    size = 0
    for place in range(len(closed) - 1, first - 1, -1):
        size += len(_encode(closed[place]))
        if size > KEPT_BYTES:
            first = place + 1
            break
    return _forgotten(state, first) if first else state


def _forgotten(state: MergeState, first: int) -> MergeState:
    """Keep of the captions before *first* only whose words they had, and when."""
    gone = state.closed[:first]
    words = {one.print: one.words for one in state.forgotten}
    for one in gone:
        for source in one.sources:
            name = crc32(source.owner.encode())
            # What was forgotten last is the last.
            words[name] = words.pop(name, 0) + source.words
    end_s = max((one.end_s for one in gone if one.end_s is not None), default=None)
    return replace(
        state,
        closed=state.closed[first:],
        forgotten=tuple(Forgotten(*one) for one in words.items())[-FORGOTTEN:],
        forgotten_s=state.forgotten_s
        if end_s is None
        else max(end_s, state.forgotten_s or 0.0),
    )


def _at_most(caption: Closed) -> int:
    """Return bytes that a caption never exceeds, at little cost."""
    size = _CAPTION_BYTES
    texts = [caption.text, caption.speaker, caption.channel, caption.language]
    if caption.correction is not None:
        texts.append(caption.correction.text)
    for text in texts:
        if text is not None:
            size += (
                2 * len(text)
                if text.isascii() and text.isprintable()
                else (_CHAR_BYTES * len(text))
            )
    for source in caption.sources:
        size += _SOURCE_BYTES + 2 * len(source.owner)
    return size
