"""One segment on its channel: its claims, granted one after the other."""

from typing import Final

from msgspec.structs import replace

from schemas.segment import CaptionSegment
from workers.core.merging.bounds import closed_beyond_bounds, with_room
from workers.core.merging.channels import channel_named, with_channel
from workers.core.merging.claim_kinds import Again, Claim, Kept, New, Nothing
from workers.core.merging.claims import claims
from workers.core.merging.correct import stands_against
from workers.core.merging.forget import trimmed
from workers.core.merging.order import comes_after_later
from workers.core.merging.owners import granted
from workers.core.merging.promoting import ended_without_words
from workers.core.merging.publish import final_again, publish
from workers.core.merging.revise import revised
from workers.core.merging.settings import MergeSettings
from workers.core.merging.stability import judged
from workers.core.merging.state import Channel, MergeState
from workers.core.outputs import Noted, Output, Refused

_TOO_LATE: Final = "the caption that it would change is no longer kept"


def take(
    state: MergeState,
    segment: CaptionSegment,
    arrived_ms: int,
    settings: MergeSettings,
) -> tuple[MergeState, tuple[Output, ...]]:
    """Grant what a segment claims on its channel; arguments as of `step`."""
    outputs: tuple[Output, ...] = ()
    before = state
    channel = channel_named(state.channels, segment.channel)
    if channel is None:
        state, made = with_room(state, arrived_ms, settings)
        outputs += made
        channel = Channel(segment.channel)
    channel = replace(
        channel,
        news_ms=max(arrived_ms, channel.news_ms),
        guesses=channel.guesses or not segment.is_final,
    )
    for claim in claims(state, channel, segment, arrived_ms, settings):
        state, said = _granted(state, channel, segment, claim, settings, arrived_ms)
        outputs += said
        channel = channel_named(state.channels, segment.channel) or channel
    state, said = closed_beyond_bounds(state, arrived_ms, settings)
    outputs += said
    # Only a closed caption can make too many.
    if state.closed is not before.closed:
        state = trimmed(state, settings)
    return state, outputs


def _granted(
    state: MergeState,
    channel: Channel,
    segment: CaptionSegment,
    claim: Claim,
    settings: MergeSettings,
    now_ms: int,
) -> tuple[MergeState, tuple[Output, ...]]:
    """Grant one claim; the state after it has the channel with all that is new."""
    # The most frequent one first: to compare with another class takes a while.
    match claim:
        case New():
            return _new(state, channel, segment, claim, settings, now_ms)
        case Again():
            return _again(state, channel, claim, settings, now_ms)
        case Kept():
            return _kept(state, channel, segment, claim, settings, now_ms)
    state = replace(state, channels=with_channel(state.channels, channel))
    if isinstance(claim, Nothing):
        return state, (Noted(claim.outcome),)
    return state, (Refused("too_late", segment.text, _TOO_LATE),)


def _new(
    state: MergeState,
    channel: Channel,
    segment: CaptionSegment,
    new: New,
    settings: MergeSettings,
    now_ms: int,
) -> tuple[MergeState, tuple[Output, ...]]:
    run = new.run
    end_s = run.words[-1].end_s
    state = replace(state, end_s=max(state.end_s, end_s or 0.0))
    if new.late:
        alone = replace(channel, runs=(run,), shown=())
        state, said = publish(state, alone, settings, now_ms, close=True, late=True)
        state = replace(state, channels=with_channel(state.channels, channel))
        return state, (Noted("late"), *said)
    if run.final and comes_after_later(channel, run):
        channel = replace(channel, disorder=True)
    deepest, compared, sure = judged(channel, run)
    runs = granted(
        channel.runs,
        run,
        claims_time=segment.segment_id is None,
        sure=sure,
    )
    channel = _ended(channel, segment, end_s)
    channel = replace(
        channel,
        runs=runs,
        emitted_ms=run.emitted_ms or channel.emitted_ms,
        deepest=deepest,
        compared=compared,
    )
    state, said = publish(state, channel, settings, now_ms)
    return state, (Noted("merged" if run.final else "held"), *said)


def _again(
    state: MergeState,
    channel: Channel,
    again: Again,
    settings: MergeSettings,
    now_ms: int,
) -> tuple[MergeState, tuple[Output, ...]]:
    closed, runs = revised(state, channel, again.owners, again.words, whole=again.whole)
    new = [
        after
        for before, after in zip(state.closed, closed, strict=True)
        if after is not before
    ]
    against = stands_against(new)
    changed = tuple(
        final_again(state, caption) for caption in new if caption.correction is None
    )
    outcome: tuple[Noted, ...] = (Noted("revised"),)
    if new and not changed and runs == channel.runs:
        outcome = () if against else (Noted("duplicate"),)
    state = replace(state, closed=tuple(caption for caption in closed if caption.text))
    state, said = publish(state, replace(channel, runs=runs), settings, now_ms)
    return state, (*outcome, *against, *changed, *said)


def _kept(
    state: MergeState,
    channel: Channel,
    segment: CaptionSegment,
    kept: Kept,
    settings: MergeSettings,
    now_ms: int,
) -> tuple[MergeState, tuple[Output, ...]]:
    """Grant an empty final: what was open in its time stands (rule 3)."""
    runs, end_s = ended_without_words(channel.runs, kept.owner, kept.end_s)
    promoted = runs != channel.runs
    if segment.end_of_utterance and runs and runs[-1].final:
        runs = (*runs[:-1], replace(runs[-1], ends=True))
    channel = _ended(channel, segment, end_s)
    state, said = publish(state, replace(channel, runs=runs), settings, now_ms)
    return state, (Noted("promoted" if promoted else "empty"), *said)


def _ended(channel: Channel, segment: CaptionSegment, end_s: float | None) -> Channel:
    """Note how far a channel has come with a final."""
    if not segment.is_final:
        if segment.mode != "append" or segment.sequence is None:
            return channel
        return replace(channel, sequence=max(segment.sequence, channel.sequence or 0))
    turns = segment.mode != "cumulative" or segment.end_of_utterance
    return replace(
        channel,
        end_s=channel.end_s if end_s is None else max(end_s, channel.end_s or 0.0),
        turn=channel.turn + turns,
        sequence=max(
            (n for n in (segment.sequence, channel.sequence) if n is not None),
            default=None,
        ),
    )
