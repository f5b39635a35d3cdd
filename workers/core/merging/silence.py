"""What silence closes: rule 11."""

from msgspec.structs import replace

from workers.core.merging.channels import channel_named
from workers.core.merging.forget import trimmed
from workers.core.merging.promoting import all_promoted, closed_all
from workers.core.merging.publish import publish
from workers.core.merging.settings import MergeSettings
from workers.core.merging.state import Channel, MergeState
from workers.core.merging.take import take
from workers.core.outputs import Output


def tick(
    state: MergeState, now_ms: int, settings: MergeSettings
) -> tuple[MergeState, tuple[Output, ...]]:
    """Close what silence left open."""
    outputs: tuple[Output, ...] = ()
    doubt_ms = _doubt_ms(state, settings)
    if doubt_ms is not None and doubt_ms <= now_ms:
        state, outputs = let_in(state, settings)
    for channel in state.channels:
        due_ms = now_ms - _patience_ms(channel, settings)
        silent = channel.news_ms <= due_ms
        waited = channel.held_ms is not None and channel.held_ms <= now_ms
        now = all_promoted(channel, since_ms=None if silent else due_ms)
        if now.runs and (silent or waited or now.runs != channel.runs):
            state, said = publish(state, now, settings, now_ms, close=silent)
            outputs += said
    return trimmed(state, settings), outputs


def deadline_ms(state: MergeState, settings: MergeSettings) -> int | None:
    """Return when `tick` has something to do, if nothing comes before."""
    due_ms = _doubt_ms(state, settings)
    for channel in state.channels:
        if channel.runs:
            since_ms = channel.news_ms
            for run in channel.runs:
                if not run.final:
                    since_ms = min(since_ms, run.arrived_ms)
            silent_ms = since_ms + _patience_ms(channel, settings)
            due_ms = silent_ms if due_ms is None else min(due_ms, silent_ms)
        held_ms = channel.held_ms
        if held_ms is not None:
            due_ms = held_ms if due_ms is None else min(due_ms, held_ms)
    return due_ms


def close_all(
    state: MergeState, now_ms: int, settings: MergeSettings
) -> tuple[MergeState, tuple[Output, ...]]:
    """Close whatever is open: nothing will follow."""
    state, outputs = let_in(state, settings)
    state, said = closed_all(state, now_ms, settings)
    return state, (*outputs, *said)


def let_in(
    state: MergeState, settings: MergeSettings
) -> tuple[MergeState, tuple[Output, ...]]:
    """Take a segment far behind for what it seems: late speech, on the old clock."""
    suspect = state.suspect
    if suspect is None:
        return state, ()
    state = replace(state, suspect=None)
    return take(state, suspect.segment, suspect.arrived_ms, settings)


def _doubt_ms(state: MergeState, settings: MergeSettings) -> int | None:
    """Return how long a segment far behind waits for the next one."""
    if state.suspect is None:
        return None
    name = state.suspect.segment.channel
    channel = channel_named(state.channels, name) or Channel(name)
    return state.suspect.arrived_ms + _patience_ms(channel, settings)


def patience_ms(state: MergeState, settings: MergeSettings) -> int:
    """Return how long no news is no silence yet, on any channel."""
    return max(
        [_patience_ms(channel, settings) for channel in state.channels],
        default=settings.silence_ms,
    )


def _patience_ms(channel: Channel, settings: MergeSettings) -> int:
    if channel.guesses:
        return settings.silence_ms
    return max(settings.silence_ms, settings.finals_silence_ms)
