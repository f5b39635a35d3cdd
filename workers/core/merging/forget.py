"""Which closed captions are kept, and what is left of the others: rule 12."""

from zlib import crc32

from msgspec.structs import replace

from workers.core.merging.settings import MergeSettings
from workers.core.merging.state import Closed, MergeState

FORGOTTEN = 64
"""Fingerprints of segments whose captions are no longer kept; 4 bytes each."""


def trimmed(state: MergeState, settings: MergeSettings) -> MergeState:
    """Forget the oldest closed captions beyond the bound (rule 12)."""
    closed = state.closed
    longest = settings.max_chars + settings.corrected_chars
    if len(closed) <= settings.kept and len(closed) * longest < settings.kept_chars:
        return state
    size = sum(map(_chars, closed))
    first = 0
    while len(closed) - first > settings.kept or size > settings.kept_chars:
        size -= _chars(closed[first])
        first += 1
    if not first:
        return state
    gone = closed[:first]
    prints = [crc32(source.owner.encode()) for one in gone for source in one.sources]
    end_s = max((one.end_s for one in gone if one.end_s is not None), default=None)
    return replace(
        state,
        closed=closed[first:],
        forgotten=(*state.forgotten, *prints)[-FORGOTTEN:],
        forgotten_s=state.forgotten_s
        if end_s is None
        else max(end_s, state.forgotten_s or 0.0),
    )


def _chars(caption: Closed) -> int:
    corrected = caption.correction
    return len(caption.text) + (0 if corrected is None else len(corrected.text))
