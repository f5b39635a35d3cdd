"""Finals that change what was final: rule 13."""

from collections.abc import Callable, Container, Sequence
from difflib import SequenceMatcher
from typing import Final

from msgspec.structs import replace

from workers.core.merging.heard import Heard
from workers.core.merging.kept import words_by_source
from workers.core.merging.state import Channel, Closed, MergeState, Run, Source
from workers.core.merging.words import join, mean_confidence, same

MOST_PAIRS: Final = 40_000
"""Old words times new ones that are compared; beyond, they are moved by their place
alone, since the work may grow with the square of it."""


def has_final_words(state: MergeState, channel: Channel, owner: str) -> bool:
    """Tell whether words of a segment, on whichever channel, may be final.

    Asked of all that is kept at each segment: plain loops are the quickest.
    """
    for caption in state.closed:
        for source in caption.sources:
            if source.owner == owner:
                return True
    return owner in [run.owner for run in channel.runs if run.final]


def owned_words(
    state: MergeState, channel: Channel, owners: Container[str]
) -> list[Heard] | None:
    """Return the final words that came from segments, or None if none is known."""
    found: list[Heard] | None = None
    for caption in state.closed:
        if not _has(caption, channel, owners):
            continue
        for source, words in words_by_source(caption):
            if source.owner in owners:
                found = [*(found or []), *words]
    for run in channel.runs:
        if run.final and run.owner in owners:
            found = [*(found or []), *run.words]
    return found


def revised(
    state: MergeState,
    channel: Channel,
    owners: Container[str],
    words: Sequence[Heard],
    *,
    whole: bool = True,
) -> tuple[tuple[Closed, ...], tuple[Run, ...]]:
    """Put new words in the place of all final words of some segments.

    Where they are not the *whole* truth, what was uncertain stays so.
    The old words say where captions ended; each new word goes to the caption of the
    old words beside it.

    Returns:
        All closed captions, those changed for viewers with a higher revision (one
        without text has lost all its words), and all runs of the channel.
    """
    old = [same(word.text) for word in owned_words(state, channel, owners) or []]
    new = [same(word.text) for word in words]
    moves = _moves(old, new)
    taken = 0
    given = 0
    last = len(old)

    def next_words(count: int) -> list[Heard]:
        nonlocal taken, given
        taken += count
        until = len(new) if taken == last else _place(moves, taken)
        until = max(until, given)
        mine = list(words[given:until])
        given = until
        return mine

    closed = []
    for caption in state.closed:
        if _has(caption, channel, owners):
            closed.append(_rewritten(caption, owners, next_words, whole=whole))
        else:
            closed.append(caption)
    runs = tuple(
        replace(
            run,
            words=tuple(next_words(len(run.words))),
            uncertain=run.uncertain and not whole,
        )
        if run.final and run.owner in owners
        else run
        for run in channel.runs
    )
    return tuple(closed), tuple(run for run in runs if run.words)


def _rewritten(
    caption: Closed,
    owners: Container[str],
    next_words: Callable[[int], list[Heard]],
    *,
    whole: bool,
) -> Closed:
    texts: list[Heard] = []
    sources: list[Source] = []
    for source, words in words_by_source(caption):
        new = source.owner in owners
        mine = next_words(len(words)) if new else words
        texts += mine
        if mine:
            uncertain = source.uncertain and not (new and whole)
            sources.append(replace(source, words=len(mine), uncertain=uncertain))
    text = join(texts)
    if text == caption.text and not (caption.uncertain and whole):
        return caption
    if caption.correction is not None:
        # Viewers have the person's text; no event, so no revision either. It stands
        # even if no word of the recogniser's is left in its place.
        if not text:
            return caption
        return replace(caption, text=text, sources=tuple(sources), uncertain=False)
    return replace(
        caption,
        text=text,
        sources=tuple(sources),
        revision=caption.revision + 1,
        uncertain=any(source.uncertain for source in sources),
        # The old words are kept without theirs.
        confidence=mean_confidence([(texts, None)]),
    )


def _has(caption: Closed, channel: Channel, owners: Container[str]) -> bool:
    return caption.channel == channel.name and any(
        source.owner in owners for source in caption.sources
    )


def _moves(
    old: Sequence[str], new: Sequence[str]
) -> list[tuple[str, int, int, int, int]]:
    """Return how old words became new ones, as of ``difflib``, in bounded work."""
    first, shorter = 0, min(len(old), len(new))
    while first < shorter and old[first] == new[first]:
        first += 1
    last = 0
    while last < shorter - first and old[-1 - last] == new[-1 - last]:
        last += 1
    ends = len(old) - last, len(new) - last
    moves = [("equal", 0, first, 0, first)]
    if (ends[0] - first) * (ends[1] - first) > MOST_PAIRS:
        moves.append(("replace", first, ends[0], first, ends[1]))
    else:
        inner = SequenceMatcher(
            a=old[first : ends[0]], b=new[first : ends[1]], autojunk=False
        )
        moves += [
            (kind, a + first, b + first, c + first, d + first)
            for kind, a, b, c, d in inner.get_opcodes()
        ]
    return [*moves, ("equal", ends[0], len(old), ends[1], len(new))]


def _place(moves: Sequence[tuple[str, int, int, int, int]], old: int) -> int:
    """Return the place among the new words that a place among the old ones became."""
    place = 0
    for _, old_from, old_to, new_from, new_to in moves:
        if old_from < old < old_to:
            return new_from + min(old - old_from, new_to - new_from)
        if old == old_to:
            place = new_to
    return place
