"""Which closed captions are kept, and what is left of the others: rule 12."""

from zlib import crc32

from msgspec.structs import replace

from workers.core.merging.settings import MergeSettings
from workers.core.merging.state import Closed, Forgotten, MergeState

FORGOTTEN = 64
"""Segments remembered whose captions are no longer kept; some 15 bytes each."""


SOURCES = 512
"""Segments that the kept captions came from, together (rule 12)."""


def trimmed(state: MergeState, settings: MergeSettings) -> MergeState:
    """Forget the oldest closed captions beyond the bound (rule 12)."""
    closed = state.closed
    size = sum(map(_chars, closed))
    sources = sum(len(caption.sources) for caption in closed)
    first = 0
    while (
        len(closed) - first > settings.kept
        or size > settings.kept_chars
        or sources > SOURCES
    ):
        size -= _chars(closed[first])
        sources -= len(closed[first].sources)
        first += 1
    if not first:
        return state
    gone = closed[:first]
    words = {one.print: one.words for one in state.forgotten}
    for one in gone:
        for source in one.sources:
            name = crc32(source.owner.encode())
            # What was forgotten last is the last.
            words[name] = words.pop(name, 0) + source.words
    end_s = max((one.end_s for one in gone if one.end_s is not None), default=None)
    return replace(
        state,
        closed=closed[first:],
        forgotten=tuple(Forgotten(*one) for one in words.items())[-FORGOTTEN:],
        forgotten_s=state.forgotten_s
        if end_s is None
        else max(end_s, state.forgotten_s or 0.0),
    )


def _chars(caption: Closed) -> int:
    corrected = caption.correction
    return len(caption.text) + (0 if corrected is None else len(corrected.text))
