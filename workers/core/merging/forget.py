"""Which closed captions are kept, and what is left of the others: rule 12."""

from itertools import starmap
from typing import Final
from zlib import crc32

import msgspec
from msgspec.structs import replace

from workers.core.merging.settings import MergeSettings
from workers.core.merging.state import Forgotten, MergeState

FORGOTTEN: Final = 64
"""Segments remembered whose captions are no longer kept; some 15 bytes each."""
KEPT_BYTES: Final = 16 * 1024
"""Of all kept captions as they are written. Twenty typical ones have 3 KiB; only long
ones in scripts of many bytes, or cut into many segments, are fewer for it."""

_encode = msgspec.json.Encoder().encode


def trimmed(state: MergeState, settings: MergeSettings) -> MergeState:
    """Forget the oldest closed captions beyond the bound."""
    closed = state.closed
    first = max(0, len(closed) - settings.kept)
    # All at once is quick; each has a comma or bracket after it, and one is before all.
    if len(_encode(closed[first:])) - (len(closed) - first) - 1 > KEPT_BYTES:
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
    words: dict[int, int] = {}
    for one in gone:
        for source in one.sources:
            name = crc32(source.owner.encode())
            # What was forgotten last is the last.
            words[name] = words.pop(name, 0) + source.words
    before = []
    for earlier in state.forgotten:
        if earlier.print in words:
            words[earlier.print] += earlier.words
        else:
            before.append(earlier)
    forgotten = (*before, *starmap(Forgotten, words.items()))
    end_s = max((one.end_s for one in gone if one.end_s is not None), default=None)
    return replace(
        state,
        closed=state.closed[first:],
        forgotten=forgotten[-FORGOTTEN:],
        forgotten_s=state.forgotten_s
        if end_s is None
        else max(end_s, state.forgotten_s or 0.0),
    )
