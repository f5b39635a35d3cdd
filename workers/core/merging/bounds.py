"""How much a stream may have open at a time: rule 12.

Together with what is kept of closed captions (`forget`) it stays under 40 KiB, so that
there is room for cues and figures in the 64 KiB of a stream.
"""

from typing import Final

import msgspec

from schemas.fields import Message
from workers.core.merging.promoting import all_promoted
from workers.core.merging.publish import publish
from workers.core.merging.settings import MergeSettings
from workers.core.merging.state import Channel, MergeState

OPEN_RUNS: Final = 128
"""Segments that are open on a channel; more is no speech."""
OPEN_BYTES: Final = 14 * 1024
"""Of all channels together, as they are written: one full, or several that talk."""

_RUN_BYTES: Final = 250
_WORD_BYTES: Final = 60
_CHAR_BYTES: Final = 8
"""At the most, and each letter stands in a run and in what is shown."""
_NAME_BYTES: Final = 6
"""Of a character in the name of a segment, a speaker or a channel."""

_encode = msgspec.json.Encoder().encode


def closed_beyond_bounds(
    state: MergeState, now_ms: int, settings: MergeSettings
) -> tuple[MergeState, tuple[Message, ...]]:
    """Close the channels on which more is open than may be, the largest first."""
    messages: tuple[Message, ...] = ()
    large: list[Channel] = []
    at_most = 0
    for one in state.channels:
        chars, size = _measured(one)
        at_most += size
        if chars > settings.open_chars or len(one.runs) > OPEN_RUNS:
            large.append(one)
    if not large and at_most > OPEN_BYTES:
        sizes = [(len(_encode(one)), one) for one in state.channels]
        total = sum(size for size, _ in sizes)
        for size, one in sorted(sizes, key=lambda sized: -sized[0]):
            if total > OPEN_BYTES and one.runs:
                large.append(one)
                total -= size
    for one in large:
        state, said = publish(state, all_promoted(one), settings, now_ms, close=True)
        messages += said
    return state, messages


def with_room(
    state: MergeState, now_ms: int, settings: MergeSettings
) -> tuple[MergeState, tuple[Message, ...]]:
    """Close and forget the channel that was quiet longest, where one comes too many."""
    if len(state.channels) < settings.channels:
        return state, ()
    quiet = min(state.channels, key=lambda one: one.news_ms)
    state, said = publish(state, all_promoted(quiet), settings, now_ms, close=True)
    rest = tuple(one for one in state.channels if one.name != quiet.name)
    return msgspec.structs.replace(state, channels=rest), said


def _measured(channel: Channel) -> tuple[int, int]:
    """Return code points shown, and bytes that a channel never exceeds; quickly."""
    chars = 0
    for shown in channel.shown:
        chars += len(shown.text)
    size = _CHAR_BYTES * chars + _NAME_BYTES * len(channel.name or "")
    for run in channel.runs:
        names = len(run.owner) + len(run.speaker or "") + len(run.language or "")
        size += _RUN_BYTES + _NAME_BYTES * names + _WORD_BYTES * len(run.words)
    return chars, size
