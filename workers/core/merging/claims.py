"""What a segment claims: new words, words said again, or nothing new."""

from collections.abc import Sequence
from datetime import datetime
from zlib import crc32

from msgspec import Struct

from schemas.segment import CaptionSegment
from workers.core.merging.owners import (
    JITTER_S,
    carried_over,
    is_repeat,
    middle_s,
    owner_of,
    recent_words,
)
from workers.core.merging.revise import owned_words
from workers.core.merging.settings import MergeSettings
from workers.core.merging.state import Channel, MergeState, Run
from workers.core.merging.words import Heard, hear, same, times


class Nothing(Struct, frozen=True):
    """It tells nothing new; *outcome* says why."""

    outcome: str


class TooLate(Struct, frozen=True):
    """It would change a caption that is no longer kept."""


class Again(Struct, frozen=True):
    """It says anew what was final: *words* go in the place of those of *owner*."""

    owner: str
    words: tuple[Heard, ...]


class Kept(Struct, frozen=True):
    """An end without words: what was heard before it stands."""

    owner: str


class New(Struct, frozen=True):
    """Words that nobody owns yet."""

    run: Run
    late: bool
    """They lie further back than anything may wait for (rule 6)."""


Claim = Nothing | TooLate | Again | Kept | New


def claims(
    state: MergeState,
    channel: Channel,
    segment: CaptionSegment,
    arrived_ms: int,
    settings: MergeSettings,
) -> tuple[Claim, ...]:
    """Tell what a segment claims, in the order in which it is to be granted."""
    words = hear(segment, state.offset_s)
    span = times(segment, state.offset_s)
    owner = owner_of(segment, channel, span, state.epoch)
    if segment.mode == "append":
        words = (*_open_words(channel, owner), *words)
    if not words:
        return (Kept(owner) if segment.is_final else Nothing("empty"),)
    if segment.mode != "append":
        claim, words = _said_before(state, channel, segment, owner, words)
        if claim:
            return claim
    if segment.is_final and crc32(owner.encode()) in state.forgotten:
        return (TooLate(),)
    if span is None and _out_of_sequence(segment, channel):
        return (Nothing("duplicate"),)
    more: tuple[Claim, ...] = ()
    late = False
    if span is not None and channel.end_s is not None:
        if span[0] < channel.end_s - JITTER_S:
            more, words = _overlapping(state, channel, segment, words, span)
            if not words:
                return more
        late = segment.is_final and span[1] < channel.end_s - settings.lateness_s
    run = _run(segment, owner, words, arrived_ms, state.offset_s)
    return (*more, New(run, late))


def _said_before(
    state: MergeState,
    channel: Channel,
    segment: CaptionSegment,
    owner: str,
    words: tuple[Heard, ...],
) -> tuple[tuple[Claim, ...], tuple[Heard, ...]]:
    """Compare with what was final of the same segment; return what is beyond it."""
    known = owned_words(state, channel, owner)
    if known is None:
        return (), words
    fresh = _beyond(known, words)
    if fresh is None or (fresh and not _is_last(state, channel, owner)):
        if segment.is_final:
            return (Again(owner, words),), ()
        return (Nothing("late_interim"),), ()
    if not fresh:
        return _confirmed(state, channel, segment, owner, words), ()
    return (), fresh


def _open_words(channel: Channel, owner: str) -> tuple[Heard, ...]:
    for run in channel.runs:
        if run.owner == owner and not run.final:
            return run.words
    return ()


def _overlapping(
    state: MergeState,
    channel: Channel,
    segment: CaptionSegment,
    words: tuple[Heard, ...],
    span: tuple[float, float],
) -> tuple[tuple[Claim, ...], tuple[Heard, ...]]:
    """Tell what of a segment is new that begins in a time that is final already.

    Returns:
        What it claims of that time, and the words that nobody owns yet.
    """
    if state.forgotten_s is not None and span[1] <= state.forgotten_s:
        return (TooLate(),), ()
    recent = recent_words(channel, state.closed)
    if is_repeat(words, recent):
        return _confirmed(state, channel, segment, None, words, span), ()
    words = words[carried_over(words, recent) :]
    more: tuple[Claim, ...] = ()
    if words and segment.is_final:
        more, words = _promised(state, channel, words, span)
    return (more, words) if more or words else ((Nothing("duplicate"),), ())


def _confirmed(
    state: MergeState,
    channel: Channel,
    segment: CaptionSegment,
    owner: str | None,
    words: tuple[Heard, ...],
    span: tuple[float, float] | None = None,
) -> tuple[Claim, ...]:
    """Words known already: news only where they were uncertain until now."""
    if segment.is_final:
        for caption in reversed(state.closed):
            if (
                caption.uncertain
                and caption.channel == channel.name
                and (
                    any(source.owner == owner for source in caption.sources)
                    or _covers(span, caption.start_s, caption.end_s)
                )
            ):
                return (Again(caption.sources[0].owner, words),)
    return (Nothing("duplicate" if segment.is_final else "late_interim"),)


def _promised(
    state: MergeState,
    channel: Channel,
    words: tuple[Heard, ...],
    span: tuple[float, float],
) -> tuple[tuple[Claim, ...], tuple[Heard, ...]]:
    """Give words to an uncertain caption in whose place they were spoken (rule 13)."""
    mine = [caption for caption in state.closed if caption.channel == channel.name]
    for caption in reversed(mine):
        if caption.uncertain and _covers(span, caption.start_s, caption.end_s):
            end_s = caption.end_s or 0.0
            inside = tuple(
                word for word in words if middle_s(word, end_s) <= end_s + JITTER_S
            )
            if caption is mine[-1] and not channel.runs:
                inside = words
            if inside:
                claim = Again(caption.sources[0].owner, inside)
                return (claim,), words[len(inside) :]
    return (), words


def _covers(
    span: tuple[float, float] | None, start_s: float | None, end_s: float | None
) -> bool:
    """Tell whether a span holds more than half of a caption."""
    if span is None or start_s is None or end_s is None:
        return False
    shared_s = min(span[1], end_s) - max(span[0], start_s)
    return shared_s > (end_s - start_s) / 2


def _beyond(
    known: Sequence[Heard], words: tuple[Heard, ...]
) -> tuple[Heard, ...] | None:
    """Return what follows the known words, or None where they are not said again."""
    if len(words) < len(known):
        return None
    for old, new in zip(known, words, strict=False):
        if same(old.text) != same(new.text):
            return None
    return words[len(known) :]


def _is_last(state: MergeState, channel: Channel, owner: str) -> bool:
    """Tell whether nothing final was said since on this channel."""
    final = [run for run in channel.runs if run.final]
    if final:
        return final[-1].owner == owner
    mine = [caption for caption in state.closed if caption.channel == channel.name]
    return bool(mine) and mine[-1].sources[-1].owner == owner


def _out_of_sequence(segment: CaptionSegment, channel: Channel) -> bool:
    """Without times or an id, the provider's count tells what was sent before."""
    return (
        segment.segment_id is None
        and segment.sequence is not None
        and channel.sequence is not None
        and segment.sequence <= channel.sequence
    )


def _run(
    segment: CaptionSegment,
    owner: str,
    words: tuple[Heard, ...],
    arrived_ms: int,
    offset_s: float,
) -> Run:
    end_s = words[-1].end_s
    spoken_ms = None
    if segment.stream_started_at is not None and end_s is not None:
        spoken_ms = _ms(segment.stream_started_at) + round((end_s - offset_s) * 1000)
    return Run(
        owner=owner,
        words=words,
        final=segment.is_final,
        ends=segment.is_final and segment.end_of_utterance,
        speaker=segment.speaker,
        language=segment.language,
        timed=segment.words is not None and words[-1].end_s is not None,
        arrived_ms=arrived_ms,
        emitted_ms=None if segment.emitted_at is None else _ms(segment.emitted_at),
        spoken_ms=spoken_ms,
    )


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
