"""What a segment claims: new words, words said again, or nothing new."""

from schemas.segment import CaptionSegment
from workers.core.merging.again import forgotten_words, said_again
from workers.core.merging.claim_kinds import (
    Claim,
    Kept,
    New,
    Nothing,
    TooLate,
)
from workers.core.merging.doubts import confirming, settling
from workers.core.merging.heard import Heard
from workers.core.merging.hearing import emitted_ms, run_of
from workers.core.merging.names import owner_of
from workers.core.merging.places import JITTER_S, overlap
from workers.core.merging.repeats import (
    carried_over,
    is_repeat,
    owned,
    recent_words,
    said_ahead,
)
from workers.core.merging.settings import MergeSettings
from workers.core.merging.state import Channel, MergeState
from workers.core.merging.words import hear, respread, times


def claims(
    state: MergeState,
    channel: Channel,
    segment: CaptionSegment,
    arrived_ms: int,
    settings: MergeSettings,
) -> tuple[Claim, ...]:
    """Tell what a segment claims, in the order in which it is to be granted."""
    span = times(segment, state.offset_s)
    words = hear(segment, state.offset_s, span)
    owner = owner_of(segment, channel, span, state.epoch)
    if words and span is None and _out_of_sequence(segment, channel):
        return (Nothing("duplicate"),)
    if not segment.is_final and _has_newer(channel, owner, segment):
        return (Nothing("late_interim"),)
    if segment.mode == "append":
        claim, words = _appended(state, channel, segment, owner, words)
        fresh = words
    else:
        claim, fresh = said_again(state, channel, segment, owner, words)
    if claim:
        return claim
    if not fresh:
        return (_without_words(segment, owner, span),)
    follows = len(fresh) < len(words)
    more, words = _beside(state, channel, segment, span, fresh, follows=follows)
    if not words:
        return more
    late = _is_late(channel, segment, owner, span, settings)
    run = run_of(segment, owner, words, arrived_ms, state.offset_s)
    return (*more, New(run, late))


def _without_words(
    segment: CaptionSegment, owner: str, span: tuple[float, float] | None
) -> Claim:
    if segment.is_final:
        return Kept(owner, None if span is None else span[1])
    return Nothing("empty")


def _appended(
    state: MergeState,
    channel: Channel,
    segment: CaptionSegment,
    owner: str,
    words: tuple[Heard, ...],
) -> tuple[tuple[Claim, ...], tuple[Heard, ...]]:
    """Return all open words of a segment to which some are added, or a claim."""
    before = next(
        (run.words for run in channel.runs if run.owner == owner and not run.final), ()
    )
    if is_repeat(words, [*recent_words(channel, state.closed), *before]):
        return (Nothing("duplicate"),), ()
    words = (*before, *words)
    if words and segment.is_final and forgotten_words(state, owner):
        return (TooLate(),), ()
    return (), words


def _beside(
    state: MergeState,
    channel: Channel,
    segment: CaptionSegment,
    span: tuple[float, float] | None,
    words: tuple[Heard, ...],
    *,
    follows: bool,
) -> tuple[tuple[Claim, ...], tuple[Heard, ...]]:
    """Compare words with those that are final beside them in time.

    Args:
        state: The stream.
        channel: Where it speaks.
        segment: What the words are of.
        span: When it was spoken.
        words: What is new of it.
        follows: They follow words of the same segment that are final.

    Returns:
        What it claims of the time of others, and the words that nobody owns yet.
    """
    if span is None or channel.end_s is None:
        return (), words
    if follows:
        return (), _after(words, channel.end_s, segment)
    if span[0] < channel.end_s - JITTER_S:
        return _overlapping(state, channel, segment, words, span)
    return (), words


def _is_late(
    channel: Channel,
    segment: CaptionSegment,
    owner: str,
    span: tuple[float, float] | None,
    settings: MergeSettings,
) -> bool:
    """Tell whether a final lies further back than anything may wait for (rule 6).

    Where it was guessed before, its place is still open.
    """
    if span is None or channel.end_s is None or not segment.is_final:
        return False
    return span[1] < channel.end_s - settings.lateness_s and not any(
        run.owner == owner or overlap(run.words, span)
        for run in channel.runs
        if not run.final
    )


def _after(
    words: tuple[Heard, ...], end_s: float, segment: CaptionSegment
) -> tuple[Heard, ...]:
    """Give words whose times we spread what is left of their time after *end_s*."""
    until_s = words[-1].end_s
    if segment.words is not None or until_s is None or until_s <= end_s + JITTER_S:
        return words
    if (words[0].start_s or 0.0) >= end_s:
        return words
    return respread(words, end_s, until_s)


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
        return (confirming(state, channel, segment, None, words, span),), ()
    carried = carried_over(words, recent, timed=segment.words is not None)
    words = words[carried:]
    if words and recent and recent[-1].end_s is not None:
        # Times of a whole window are rough; its words come after those known.
        words = _after(words, recent[-1].end_s, segment)
    if not segment.is_final:
        taken = owned(words, recent)
        words = words[: len(words) - said_ahead(words, recent)]
        if (
            not words
            or (taken and _is_older(segment, channel.emitted_ms))
            or (segment.segment_id is None and owned(words, recent) == len(words))
        ):
            return (Nothing("late_interim"),), ()
    more: tuple[Claim, ...] = ()
    if words and segment.is_final:
        more, words = settling(state, channel, words, span)
    return (more, words) if more or words else ((Nothing("duplicate"),), ())


def _has_newer(channel: Channel, owner: str, segment: CaptionSegment) -> bool:
    """Tell whether a guess of a segment stands that was sent after this one."""
    if segment.emitted_at is None:
        return False
    return any(
        run.owner == owner and _is_older(segment, run.emitted_ms)
        for run in channel.runs
    )


def _is_older(segment: CaptionSegment, newest_ms: int | None) -> bool:
    """Tell whether the provider sent a segment before another moment."""
    if newest_ms is None:
        return False
    sent_ms = emitted_ms(segment)
    return sent_ms is not None and sent_ms < newest_ms


def _out_of_sequence(segment: CaptionSegment, channel: Channel) -> bool:
    """Without times or an id, the provider's count tells what was sent before."""
    return (
        segment.segment_id is None
        and segment.sequence is not None
        and channel.sequence is not None
        and segment.sequence <= channel.sequence
    )
