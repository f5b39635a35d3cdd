"""The stream's own clock, whose times may begin anew: rule 7."""

from typing import Final, Literal

from msgspec.structs import replace

from schemas.fields import Message
from schemas.segment import CaptionSegment
from workers.core.merging.again import forgotten_words
from workers.core.merging.channels import channel_named
from workers.core.merging.hearing import emitted_ms
from workers.core.merging.names import owner_of
from workers.core.merging.promoting import closed_all
from workers.core.merging.repeats import is_repeat, recent_words
from workers.core.merging.revise import owned_words
from workers.core.merging.settings import MergeSettings
from workers.core.merging.state import Channel, MergeState
from workers.core.merging.words import hear, times

Place = Literal["front", "back", "anew"]

SUSPECT_CHARS: Final = 400
SUSPECT_WORDS: Final = 60
"""A longer segment is not kept waiting for the next one; it is late (rule 12)."""


def where(state: MergeState, segment: CaptionSegment, settings: MergeSettings) -> Place:
    """Tell where in time a segment lies.

    Returns:
        ``front``: no more than the lateness bound behind, or without times. ``anew``:
        so far behind with new words that its times may have begun anew, without a
        new epoch. ``back``: behind, but known, or not as far.
    """
    if segment.start_s is None or segment.end_s is None:
        return "front"
    channel = channel_named(state.channels, segment.channel)
    if (
        channel is None
        or channel.end_s is None
        or segment.end_s + state.offset_s >= channel.end_s - settings.lateness_s
    ):
        return "front"
    if state.suspect is None:
        far = segment.start_s + state.offset_s < channel.end_s - settings.jump_s
    else:
        # It is told by what follows it, on its own clock.
        far = segment.start_s >= (state.suspect.segment.start_s or 0.0)
    return "anew" if far and not _is_known(state, channel, segment) else "back"


def begun_anew(
    state: MergeState, epoch: int, now_ms: int, settings: MergeSettings
) -> tuple[MergeState, tuple[Message, ...]]:
    """Close all, and let times go on where the stream had come to."""
    state, messages = closed_all(state, now_ms, settings)
    return replace(state, epoch=epoch, offset_s=state.end_s), messages


def _is_known(state: MergeState, channel: Channel, segment: CaptionSegment) -> bool:
    """Tell whether a segment was heard before, or is too long to keep waiting."""
    if (
        not segment.text.strip()
        or len(segment.text) > SUSPECT_CHARS
        or len(segment.words or ()) > SUSPECT_WORDS
    ):
        return True
    sent_ms = emitted_ms(segment)
    if sent_ms is not None and sent_ms <= (channel.emitted_ms or 0):
        # It is not news: somebody sends the past again.
        return True
    if segment.segment_id is not None:
        owner = owner_of(segment, channel, None, state.epoch)
        if (
            owned_words(state, channel, (owner,)) is not None
            or forgotten_words(state, owner)
            or any(run.owner == owner for run in channel.runs)
        ):
            return True
    words = hear(segment, state.offset_s, times(segment, state.offset_s))
    known = recent_words(channel, state.closed, look_back=len(state.closed))
    return is_repeat(words, known)
