"""Words that stand for want of a final, and the final that settles them: rule 13."""

from schemas.segment import CaptionSegment
from workers.core.merging.claim_kinds import Again, Claim, Nothing
from workers.core.merging.heard import Heard
from workers.core.merging.kept import words_by_source
from workers.core.merging.left import left_before, left_over
from workers.core.merging.places import JITTER_S, middle_s
from workers.core.merging.state import Channel, Closed, MergeState, Run


def doubtful_owners(
    state: MergeState, channel: Channel, span: tuple[float, float] | None
) -> tuple[str, ...]:
    """Name the segments whose words are uncertain and were spoken in a time."""
    return tuple(
        source.owner
        for caption in state.closed
        if caption.uncertain
        and caption.channel == channel.name
        and _covers(span, *_doubtful(caption))
        for source in caption.sources
        if source.uncertain
    )


def confirming(
    state: MergeState,
    channel: Channel,
    segment: CaptionSegment,
    owner: str | None,
    words: tuple[Heard, ...],
    span: tuple[float, float] | None = None,
) -> Claim:
    """Words known already: news only where they were uncertain until now."""
    if not segment.is_final:
        return Nothing("late_interim")
    if owner is not None and any(
        source.uncertain and source.owner == owner
        for caption in state.closed
        for source in caption.sources
    ):
        return Again((owner,), words)
    owners = doubtful_owners(state, channel, span)
    return _said_anew(state, channel, owners, words) if owners else Nothing("duplicate")


def settling(
    state: MergeState,
    channel: Channel,
    words: tuple[Heard, ...],
    span: tuple[float, float],
) -> tuple[tuple[Claim, ...], tuple[Heard, ...]]:
    """Give words to an uncertain caption in whose place they were spoken (rule 13)."""
    mine = [caption for caption in state.closed if caption.channel == channel.name]
    covered = [
        caption
        for caption in mine
        if caption.uncertain and _covers(span, *_doubtful(caption))
    ]
    if not covered:
        return (), words
    end_s = _doubtful(covered[-1])[1] or 0.0
    inside = tuple(word for word in words if middle_s(word, end_s) <= end_s + JITTER_S)
    if covered[-1] is mine[-1] and not channel.runs:
        inside = words
    if not inside:
        return (), words
    owners = tuple(
        source.owner
        for caption in covered
        for source in caption.sources
        if source.uncertain
    )
    claim = _said_anew(state, channel, owners, inside)
    return (claim,), words[len(inside) :]


def _said_anew(
    state: MergeState,
    channel: Channel,
    owners: tuple[str, ...],
    words: tuple[Heard, ...],
) -> Again:
    """Say uncertain words anew; those before and after the final stay (rule 2)."""
    doubtful = tuple(
        word
        for caption in state.closed
        if caption.channel == channel.name
        and any(source.owner in owners for source in caption.sources)
        for word in _doubtful_words(caption)
    )
    old = Run("", doubtful)
    before, after = left_before(old, words), left_over(old, words)
    return Again(owners, (*before, *words, *after), not before and not after)


def _doubtful(caption: Closed) -> tuple[float | None, float | None]:
    """Return about when the words of a caption were spoken that are uncertain."""
    words = _doubtful_words(caption)
    return (words[0].start_s, words[-1].end_s) if words else (None, None)


def _doubtful_words(caption: Closed) -> list[Heard]:
    return [
        word
        for source, words in words_by_source(caption)
        if source.uncertain
        for word in words
    ]


def _covers(
    span: tuple[float, float] | None, start_s: float | None, end_s: float | None
) -> bool:
    """Tell whether a span and a stretch share more than half of the shorter one."""
    if span is None or start_s is None or end_s is None:
        return False
    shared_s = min(span[1], end_s) - max(span[0], start_s)
    return shared_s > min(end_s - start_s, span[1] - span[0]) / 2
