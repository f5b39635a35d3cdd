"""Which closed captions are kept, and what is left of the others: rule 12."""

from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from workers.core.merging.forgotten import name_of, with_words
from workers.core.merging.settings import MergeSettings
from workers.core.merging.state import Closed, MergeState

KEPT_BYTES: Final = 16 * 1024
"""Of all kept captions as JSON. Twenty typical ones have 3 KiB; only long ones in
scripts of many bytes, or cut into many segments, are fewer for it."""

_CAPTION_BYTES: Final = 160
_SOURCE_BYTES: Final = 80
"""Numbers, nulls, brackets and commas, at their longest."""
_CHAR_BYTES: Final = 4
"""Of text, which has no control characters, so that no escape is longer."""
_NAME_BYTES: Final = 6
"""Of a character in the name of a segment, a speaker or a channel."""

_encode = msgspec.json.Encoder().encode


def trimmed(state: MergeState, settings: MergeSettings) -> MergeState:
    """Forget the oldest closed captions beyond the bound."""
    closed = state.closed
    first = max(0, len(closed) - settings.kept)
    if at_most_bytes(closed[first:]) > KEPT_BYTES:
        size = 0
        for place in range(len(closed) - 1, first - 1, -1):
            size += len(_encode(closed[place]))
            if size > KEPT_BYTES:
                first = place + 1
                break
    return _forgotten(state, first) if first else state


def at_most_bytes(closed: Sequence[Closed]) -> int:
    """Return bytes that captions as JSON never exceed; quickly, unlike writing them."""
    size = 0
    for one in closed:
        names = len(one.speaker or "") + len(one.channel or "")
        for source in one.sources:
            size += _SOURCE_BYTES
            names += len(source.owner)
        size += _CAPTION_BYTES + _CHAR_BYTES * len(one.text)
        size += _NAME_BYTES * (names + len(one.language or ""))
        if one.correction is not None:
            size += _CAPTION_BYTES + _CHAR_BYTES * len(one.correction.text)
    return size


def _forgotten(state: MergeState, first: int) -> MergeState:
    """Keep of the captions before *first* only whose words they had, and when."""
    gone = state.closed[:first]
    words: dict[int, int] = {}
    for one in gone:
        for source in one.sources:
            name = name_of(source.owner)
            # What was forgotten last is the last.
            words[name] = words.pop(name, 0) + source.words
    end_s = max((one.end_s for one in gone if one.end_s is not None), default=None)
    return replace(
        state,
        closed=state.closed[first:],
        forgotten=with_words(state.forgotten, words),
        forgotten_s=state.forgotten_s
        if end_s is None
        else max(end_s, state.forgotten_s or 0.0),
    )
