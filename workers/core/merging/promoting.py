"""Guesses that stand for want of a final: rules 2, 3 and 11."""

from collections.abc import Sequence

from msgspec.structs import replace

from schemas.fields import Message
from workers.core.merging.forget import trimmed
from workers.core.merging.places import JITTER_S, middle_s
from workers.core.merging.publish import publish
from workers.core.merging.settings import MergeSettings
from workers.core.merging.state import Channel, MergeState, Run


def promoted(run: Run) -> Run:
    """Let an open run stand as it is, uncertain; it owns its time."""
    return run if run.final else replace(run, final=True, uncertain=True)


def all_promoted(channel: Channel, *, since_ms: int | None = None) -> Channel:
    """Let open runs stand: all, or those that have waited since a moment."""
    runs = tuple(
        promoted(run) if since_ms is None or run.arrived_ms <= since_ms else run
        for run in channel.runs
    )
    ends = [
        run.words[-1].end_s
        for old, run in zip(channel.runs, runs, strict=True)
        if run is not old
    ]
    end_s = max((end_s for end_s in ends if end_s is not None), default=None)
    if end_s is not None:
        end_s = max(end_s, channel.end_s or 0.0)
    return replace(channel, runs=runs, end_s=channel.end_s if end_s is None else end_s)


def closed_all(
    state: MergeState, now_ms: int, settings: MergeSettings
) -> tuple[MergeState, tuple[Message, ...]]:
    """Close all that is open on all channels, uncertain where it is a guess."""
    messages: tuple[Message, ...] = ()
    for channel in state.channels:
        if channel.runs:
            now = all_promoted(channel)
            state, said = publish(state, now, settings, now_ms, close=True)
            messages += said
    return trimmed(state, settings), messages


def ended_without_words(
    runs: Sequence[Run], owner: str, until_s: float | None
) -> tuple[tuple[Run, ...], float | None]:
    """Let the open run of a segment stand whose final has no words (rule 3).

    Args:
        runs: Those of the channel.
        owner: Names the segment.
        until_s: The end of the final; words beyond it stay open (rule 2). None where
            it has no times.

    Returns:
        The runs after it, and the end of the words that stand now, if any.
    """
    end_s: float | None = None
    after: list[Run] = []
    for run in runs:
        if run.final or run.owner != owner:
            after.append(run)
            continue
        inside = run.words
        if until_s is not None:
            last_s = until_s + JITTER_S
            inside = tuple(w for w in run.words if middle_s(w, last_s) <= last_s)
        inside = inside or run.words
        rest = run.words[len(inside) :]
        end_s = inside[-1].end_s
        after.append(promoted(replace(run, words=inside)))
        if rest:
            owner_of_rest = f"{run.owner}~a"
            after.append(replace(run, owner=owner_of_rest, words=rest, left=True))
    return tuple(after), end_s
