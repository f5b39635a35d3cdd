"""The order in which captions close: rule 6.

Words on the screen never wait. What may wait is only a caption's `CaptionFinal`, on a
channel that has shown disorder, while a word may be missing right before it.
"""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from workers.core.merging.piece import Piece
from workers.core.merging.places import JITTER_S, overlap, span_of
from workers.core.merging.settings import MergeSettings
from workers.core.merging.state import Channel, Closed, Run

HOLE_S: Final = 0.1
"""Silence in which a word may be missing; hardly any is shorter."""


def comes_after_later(channel: Channel, run: Run) -> bool:
    """Tell whether a final comes after finals of later speech, its place not known.

    Where it was guessed before, nothing later could close.
    """
    span = span_of(run.words)
    if not run.final or span is None or channel.end_s is None:
        return False
    if span[1] > channel.end_s - JITTER_S or any(
        other.owner == run.owner or overlap(other.words, span)
        for other in channel.runs
        if not other.final
    ):
        return False
    later_s = [other.words[0].start_s for other in channel.runs if other.final]
    return any(
        start_s is not None and start_s >= span[1] - JITTER_S
        for start_s in (*later_s, channel.told_from_s)
    )


def closable(
    channel: Channel, pieces: Sequence[Piece], now_ms: int, settings: MergeSettings
) -> tuple[int, int | None]:
    """Count the captions that close now; those that wait close later.

    Args:
        channel: With what was heard on it so far.
        pieces: Its captions, in order.
        now_ms: The time of the decision.
        settings: How late anything may come, in media time or by the clock.

    Returns:
        How many of the first ones, and when the next of them closes at the latest,
        in milliseconds since 1970; None where none waits.
    """
    before_s, disorder = channel.told_until_s, channel.disorder
    for count, piece in enumerate(pieces):
        if not piece.complete:
            return count, None
        if disorder:
            following = pieces[count + 1] if count + 1 < len(pieces) else None
            until_ms = _waits_until_ms(channel, piece, before_s, following, settings)
            if until_ms is not None and now_ms < until_ms:
                return count, until_ms
        before_s = piece.words[-1].end_s
    return len(pieces), None


def told_until(channel: Channel, closed: Sequence[Closed]) -> Channel:
    """Note how far captions have closed on a channel."""
    if not closed:
        return channel
    from_s, until_s = channel.told_from_s, channel.told_until_s
    for caption in closed:
        if caption.start_s is not None and caption.end_s is not None:
            from_s = max(caption.start_s, from_s or 0.0)
            until_s = max(caption.end_s, until_s or 0.0)
    return replace(channel, told_from_s=from_s, told_until_s=until_s)


def _waits_until_ms(
    channel: Channel,
    piece: Piece,
    before_s: float | None,
    following: Piece | None,
    settings: MergeSettings,
) -> int | None:
    """Return how long a caption waits for words that may be missing.

    Before it, inside it, or in the pause that ends it; each could be of another
    segment, which comes no later than the bound after the segment that follows it.
    """
    if piece.behind:
        return None
    parts = [*piece.parts]
    if following is not None and not piece.ends_itself:
        parts.append(following.parts[0])
    arrived_ms: int | None = None
    for part in parts:
        words = part.run.words
        if _may_come(channel, before_s, words[part.first].start_s, settings):
            arrived_ms = max(arrived_ms or 0, part.run.arrived_ms)
        before_s = words[part.end - 1].end_s
    if arrived_ms is None:
        return None
    return arrived_ms + round(settings.lateness_s * 1000)


def _may_come(
    channel: Channel, from_s: float | None, to_s: float | None, settings: MergeSettings
) -> bool:
    """Tell whether words spoken in a silence may be missing and not too late yet."""
    if from_s is None or to_s is None or to_s - from_s <= HOLE_S:
        return False
    heard_s = max(
        channel.end_s or 0.0, *(run.words[-1].end_s or 0.0 for run in channel.runs)
    )
    return heard_s < to_s + settings.lateness_s
