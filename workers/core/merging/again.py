"""What a segment says again that it said before: rules 4 and 13."""

from collections.abc import Sequence

from schemas.segment import CaptionSegment
from workers.core.merging.claim_kinds import Again, Claim, Nothing, TooLate
from workers.core.merging.doubts import confirming, doubtful_owners
from workers.core.merging.forgotten import words_of
from workers.core.merging.heard import Heard
from workers.core.merging.places import JITTER_S, span_of
from workers.core.merging.repeats import is_repeat, recent_words
from workers.core.merging.revise import has_final_words, owned_words
from workers.core.merging.state import Channel, MergeState
from workers.core.merging.words import same, times

Said = tuple[tuple[Claim, ...], tuple[Heard, ...]]


def said_again(
    state: MergeState,
    channel: Channel,
    segment: CaptionSegment,
    owner: str,
    words: tuple[Heard, ...],
) -> Said:
    """Compare words with what was final of the same segment.

    Returns:
        A claim that says all, or none and the words beyond those known; all of them
        where nothing was final of it yet.
    """
    known = None
    if has_final_words(state, channel, owner):
        known = owned_words(state, channel, (owner,))
    gone = forgotten_words(state, owner)
    if not words or (known is None and not gone):
        return (), words
    named = segment.segment_id is not None or segment.mode != "replace"
    if known and not named and not _at_same_time(known, words):
        # A start time alone is no identity.
        return (), words
    if gone and (len(words) <= gone or (known is None and segment.mode == "replace")):
        return (TooLate() if segment.is_final else Nothing("late_interim"),), ()
    words = words[gone:]
    known = known or []
    fresh = _beyond(known, words)
    if fresh == ():
        return (_said_alike(state, channel, segment, owner, known, words),), ()
    if fresh is None or (known and not _is_last(state, channel, owner)):
        return (_said_otherwise(state, channel, segment, owner, known, words),), ()
    return (), fresh


def forgotten_words(state: MergeState, owner: str) -> int:
    """Count the words of a segment that are in captions no longer kept."""
    return words_of(state.forgotten, owner)


def _said_alike(
    state: MergeState,
    channel: Channel,
    segment: CaptionSegment,
    owner: str,
    known: Sequence[Heard],
    words: tuple[Heard, ...],
) -> Claim:
    """The same words: news only where they are better written or were uncertain."""
    if segment.is_final and _texts(known) != _texts(words):
        return Again((owner,), words)
    return confirming(state, channel, segment, owner, words)


def _said_otherwise(
    state: MergeState,
    channel: Channel,
    segment: CaptionSegment,
    owner: str,
    known: Sequence[Heard],
    words: tuple[Heard, ...],
) -> Claim:
    """Other words: a final revises; it may take uncertain ones beside it along."""
    if _spoken(words[-len(known) :]) == _spoken(known) and is_repeat(
        words, recent_words(channel, state.closed)
    ):
        # Its first words were carried over from what was said before it.
        return confirming(state, channel, segment, owner, words)
    if not segment.is_final:
        return Nothing("late_interim")
    more = doubtful_owners(state, channel, times(segment, state.offset_s))
    return Again((owner, *more), words)


def _at_same_time(known: Sequence[Heard], words: Sequence[Heard]) -> bool:
    """Tell whether two stretches begin together and share more than half of both."""
    one, other = span_of(known), span_of(words)
    if one is None or other is None:
        return True
    shared_s = min(one[1], other[1]) - max(one[0], other[0])
    return (
        abs(one[0] - other[0]) <= 2 * JITTER_S
        and shared_s > max(one[1] - one[0], other[1] - other[0]) / 2
    )


def _texts(words: Sequence[Heard]) -> list[str]:
    return [word.text for word in words]


def _spoken(words: Sequence[Heard]) -> list[str]:
    return [same(word.text) for word in words]


def _beyond(
    known: Sequence[Heard], words: tuple[Heard, ...]
) -> tuple[Heard, ...] | None:
    """Return what follows the known words, or None where they are not said again."""
    if len(words) < len(known):
        return None
    for old, new in zip(known, words):  # noqa: B905  # the shorter one ends it
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
