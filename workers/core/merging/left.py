"""Words of a guess that a claim leaves over: rules 1 and 2."""

from collections.abc import Sequence

from msgspec.structs import replace

from workers.core.merging.heard import Heard
from workers.core.merging.places import JITTER_S, middle_s, span_of
from workers.core.merging.state import Run
from workers.core.merging.words import respread, same


def left_over(run: Run, taken: Sequence[Heard]) -> tuple[Heard, ...]:
    """Return the words of an open run that a final did not take (rule 2).

    They lie after its end, and the final has no word of its own in their place.
    """
    span = span_of(taken)
    if span is None or not run.words:
        return ()
    heard = [same(word.text) for word in run.words]
    if not run.timed and heard[: len(taken)] == [same(word.text) for word in taken]:
        # The text says where the final ends, better than times that we spread.
        tail = run.words[len(taken) :]
        end_s = tail[-1].end_s if tail else None
        if end_s is None or middle_s(tail[-1], span[1]) <= span[1] + JITTER_S:
            return ()
        return respread(tail, span[1], end_s)
    if (
        not run.timed
        and heard[-1] == same(taken[-1].text)
        and 2 * len(taken) > len(run.words)
    ):
        return ()
    rest = [word for word in run.words if middle_s(word, span[1]) > span[1] + JITTER_S]
    said = [same(word.text) for word in taken[-3:]]
    while rest and not run.timed and same(rest[0].text) in said:
        # Times that we spread ourselves are rough: a word that the final has among
        # its last ones is that word.
        rest.pop(0)
    return tuple(rest)


def left_before(run: Run, taken: Sequence[Heard]) -> tuple[Heard, ...]:
    """Return the words of an open run before a claim that does not say them (rule 1).

    So a boundary that moves on loses no word.
    """
    span = span_of(taken)
    if span is None:
        return ()
    count = 0
    while count < len(run.words) and (
        middle_s(run.words[count], span[0]) < span[0] - (0 if run.timed else JITTER_S)
    ):
        count += 1
    said = [same(word.text) for word in taken]
    heard = [same(word.text) for word in run.words]
    for first in range(min(count + 1, len(heard))):
        size = min(len(heard) - first, len(said))
        if heard[first : first + size] == said[:size]:
            # It says them, at times that have moved.
            return run.words[:first]
    while not run.timed and count and heard[count - 1] in said[:3]:
        count -= 1
    return run.words[:count]


def left(run: Run, words: tuple[Heard, ...], *, renamed: bool = False) -> list[Run]:
    """Keep words that a claim left over, under a name of their own."""
    if not words:
        return []
    if len(words) == len(run.words) and not renamed:
        return [run]
    side = "b" if words[0] is run.words[0] else "a"
    owner = f"{run.owner}~{side}"
    return [replace(run, owner=owner, words=words, agreed=0, left=True)]
