"""Finals that change what was final: rule 13."""

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from msgspec.structs import replace

from workers.core.merging.state import Channel, Closed, MergeState, Run, Source
from workers.core.merging.words import Heard, join, same, split


def owned_words(state: MergeState, channel: Channel, owner: str) -> list[Heard] | None:
    """Return the final words that came from a segment, or None if it is unknown."""
    found: list[Heard] | None = None
    for caption in state.closed:
        if _has(caption, channel, owner):
            for source, words in _parts(caption):
                if source.owner == owner:
                    found = [*(found or []), *words]
    for run in channel.runs:
        if run.final and run.owner == owner:
            found = [*(found or []), *run.words]
    return found


def revised(
    state: MergeState, channel: Channel, owner: str, words: Sequence[Heard]
) -> tuple[tuple[Closed, ...], tuple[Run, ...]]:
    """Put new words in the place of all final words of a segment.

    The old words say where captions ended; each new word goes to the caption of the
    old words beside it.

    Returns:
        All closed captions, those changed for viewers with a higher revision (one
        without text has lost all its words), and all runs of the channel.
    """
    old = [same(word.text) for word in owned_words(state, channel, owner) or []]
    new = [same(word.text) for word in words]
    moves = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
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
        if _has(caption, channel, owner):
            closed.append(_rewritten(caption, owner, next_words))
        else:
            closed.append(caption)
    runs = tuple(
        replace(run, words=tuple(next_words(len(run.words))), uncertain=False)
        if run.final and run.owner == owner
        else run
        for run in channel.runs
    )
    return tuple(closed), tuple(run for run in runs if run.words)


def _rewritten(
    caption: Closed, owner: str, next_words: Callable[[int], list[Heard]]
) -> Closed:
    texts: list[Heard] = []
    sources: list[Source] = []
    for source, words in _parts(caption):
        mine = next_words(len(words)) if source.owner == owner else words
        texts += mine
        if mine:
            sources.append(Source(source.owner, len(mine)))
    text = join(texts)
    if text == caption.text and not caption.uncertain:
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
        uncertain=False,
    )


def _has(caption: Closed, channel: Channel, owner: str) -> bool:
    # Asked for each kept caption at each segment: a plain loop is the quickest.
    for source in caption.sources:
        if source.owner == owner:
            return caption.channel == channel.name
    return False


def _parts(caption: Closed) -> list[tuple[Source, list[Heard]]]:
    texts, glued = split(caption.text)
    words = [Heard(text, glued=near) for text, near in zip(texts, glued, strict=True)]
    parts = []
    first = 0
    for source in caption.sources:
        parts.append((source, words[first : first + source.words]))
        first += source.words
    return parts


def _place(moves: Sequence[tuple[str, int, int, int, int]], old: int) -> int:
    """Return the place among the new words that a place among the old ones became."""
    place = 0
    for _, old_from, old_to, new_from, new_to in moves:
        if old_from < old < old_to:
            return new_from + min(old - old_from, new_to - new_from)
        if old == old_to:
            place = new_to
    return place
