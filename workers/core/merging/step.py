"""One segment, or the passing of time: what it changes and what viewers learn."""

from collections.abc import Sequence

from msgspec.structs import replace

from schemas.fields import Message
from schemas.segment import CaptionSegment
from workers.core.merging.claims import Again, Kept, New, Nothing, claims
from workers.core.merging.correct import stands_against
from workers.core.merging.forget import trimmed
from workers.core.merging.owners import granted
from workers.core.merging.publish import final_again, publish, with_channel
from workers.core.merging.revise import revised
from workers.core.merging.settings import MergeSettings
from workers.core.merging.state import Channel, MergeState, Run
from workers.core.merging.words import LONGEST_WORD, Heard
from workers.core.outputs import Noted, Output, Refused

_TOO_LATE = "the caption that it would change is no longer kept"


def step(
    state: MergeState,
    segment: CaptionSegment,
    arrived_ms: int,
    settings: MergeSettings,
) -> tuple[MergeState, tuple[Output, ...]]:
    """Advance one stream by one segment.

    Args:
        state: The stream before it.
        segment: What the recogniser says now.
        arrived_ms: Kafka timestamp of its record, milliseconds since 1970, never
            before that of an earlier one.
        settings: Bounds and times.

    Returns:
        The stream after it; what became of the segment (`Noted` or `Refused`), with
        all that viewers have to know.
    """
    if segment.epoch < state.epoch:
        error = f"epoch {segment.epoch} is older than {state.epoch}"
        return state, (Refused("old_epoch", segment.text, error),)
    outputs: tuple[Output, ...] = ()
    if segment.epoch > state.epoch:
        # Its times begin anew: they go on where the stream had come to (rule 7).
        state, outputs = close_all(state, arrived_ms, settings)
        state = replace(state, epoch=segment.epoch, offset_s=state.end_s)
    channel = next((one for one in state.channels if one.name == segment.channel), None)
    if channel is None:
        state, made = _room(state, arrived_ms, settings)
        outputs += made
        channel = Channel(segment.channel)
    channel = replace(
        channel,
        news_ms=max(arrived_ms, channel.news_ms),
        guesses=channel.guesses or not segment.is_final,
    )
    state = replace(state, channels=with_channel(state.channels, channel))
    for claim in claims(state, channel, segment, arrived_ms, settings):
        match claim:
            case Nothing(outcome):
                outputs += (Noted(outcome),)
            case Again(owner, words):
                state, said = _again(state, segment, owner, words, settings, arrived_ms)
                outputs += said
            case Kept(owner):
                state, said = _kept(state, segment, owner, settings, arrived_ms)
                outputs += said
            case New(run, late):
                state, said = _new(state, segment, run, late, settings, arrived_ms)
                outputs += said
            case _:
                outputs += (Refused("too_late", segment.text, _TOO_LATE),)
    return trimmed(state, settings), outputs


def tick(
    state: MergeState, now_ms: int, settings: MergeSettings
) -> tuple[MergeState, tuple[Message, ...]]:
    """Close what silence left open (rule 11)."""
    messages: tuple[Message, ...] = ()
    for channel in state.channels:
        due_ms = now_ms - _patience_ms(channel, settings)
        silent = channel.news_ms <= due_ms
        runs = tuple(
            _promoted(run) if silent or run.arrived_ms <= due_ms else run
            for run in channel.runs
        )
        if runs and (silent or runs != channel.runs):
            state, said = publish(
                state, replace(channel, runs=runs), settings, now_ms, close=silent
            )
            messages += said
    return trimmed(state, settings), messages


def deadline_ms(state: MergeState, settings: MergeSettings) -> int | None:
    """Return when `tick` has something to do, if nothing comes before."""
    return min(
        (
            min([channel.news_ms, *_waiting_since(channel)])
            + _patience_ms(channel, settings)
            for channel in state.channels
            if channel.runs
        ),
        default=None,
    )


def _waiting_since(channel: Channel) -> list[int]:
    return [run.arrived_ms for run in channel.runs if not run.final]


def _patience_ms(channel: Channel, settings: MergeSettings) -> int:
    if channel.guesses:
        return settings.silence_ms
    return max(settings.silence_ms, settings.finals_silence_ms)


def close_all(
    state: MergeState, now_ms: int, settings: MergeSettings
) -> tuple[MergeState, tuple[Message, ...]]:
    """Close whatever is open: nothing will follow."""
    messages: tuple[Message, ...] = ()
    for channel in state.channels:
        if channel.runs:
            runs = tuple(map(_promoted, channel.runs))
            state, said = publish(
                state, replace(channel, runs=runs), settings, now_ms, close=True
            )
            messages += said
    return trimmed(state, settings), messages


def _new(
    state: MergeState,
    segment: CaptionSegment,
    run: Run,
    late: bool,
    settings: MergeSettings,
    now_ms: int,
) -> tuple[MergeState, tuple[Output, ...]]:
    channel = _of(state, segment)
    end_s = run.words[-1].end_s
    state = replace(state, end_s=max(state.end_s, end_s or 0.0))
    if late:
        alone = replace(channel, runs=(run,), shown=())
        state, said = publish(state, alone, settings, now_ms, close=True, late=True)
        state = replace(state, channels=with_channel(state.channels, channel))
        return state, (Noted("late"), *said)
    runs = granted(channel.runs, run, claims_time=segment.segment_id is None)
    close = _too_much(runs, settings)
    channel = _ended(channel, segment, end_s)
    channel = replace(channel, runs=tuple(map(_promoted, runs)) if close else runs)
    state, said = publish(state, channel, settings, now_ms, close=close)
    return state, (Noted("merged" if run.final else "held"), *said)


def _too_much(runs: Sequence[Run], settings: MergeSettings) -> bool:
    """Tell whether more is open than may be (rule 12)."""
    if sum(len(run.words) for run in runs) * (LONGEST_WORD + 1) <= settings.open_chars:
        return False
    chars = sum(len(word.text) + 1 for run in runs for word in run.words)
    return chars > settings.open_chars


def _again(
    state: MergeState,
    segment: CaptionSegment,
    owner: str,
    words: Sequence[Heard],
    settings: MergeSettings,
    now_ms: int,
) -> tuple[MergeState, tuple[Output, ...]]:
    channel = _of(state, segment)
    closed, runs = revised(state, channel, owner, words)
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
    segment: CaptionSegment,
    owner: str,
    settings: MergeSettings,
    now_ms: int,
) -> tuple[MergeState, tuple[Output, ...]]:
    """Grant an empty final: what was open stands, uncertain (rule 3)."""
    channel = _of(state, segment)
    promoted = any(run.owner == owner and not run.final for run in channel.runs)
    runs = tuple(_promoted(run) if run.owner == owner else run for run in channel.runs)
    if segment.end_of_utterance and runs and runs[-1].final:
        runs = (*runs[:-1], replace(runs[-1], ends=True))
    channel = _ended(channel, segment, None)
    state, said = publish(state, replace(channel, runs=runs), settings, now_ms)
    return state, (Noted("promoted" if promoted else "empty"), *said)


def _of(state: MergeState, segment: CaptionSegment) -> Channel:
    return next(one for one in state.channels if one.name == segment.channel)


def _ended(channel: Channel, segment: CaptionSegment, end_s: float | None) -> Channel:
    """Note how far a channel has come with a final."""
    if not segment.is_final:
        return channel
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


def _promoted(run: Run) -> Run:
    """Let an open run stand as it is, for want of a final (rules 2 and 3)."""
    return run if run.final else replace(run, final=True, uncertain=True)


def _room(
    state: MergeState, now_ms: int, settings: MergeSettings
) -> tuple[MergeState, tuple[Message, ...]]:
    """Close the channel that was quiet longest, where there are too many."""
    if len(state.channels) < settings.channels:
        return state, ()
    quiet = min(state.channels, key=lambda one: one.news_ms)
    runs = tuple(map(_promoted, quiet.runs))
    state, said = publish(
        state, replace(quiet, runs=runs), settings, now_ms, close=True
    )
    rest = tuple(one for one in state.channels if one.name != quiet.name)
    return replace(state, channels=rest), said
