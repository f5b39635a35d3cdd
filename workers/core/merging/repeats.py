"""Words that were said before: rules 4 and 5."""

from collections.abc import Sequence
from itertools import islice
from typing import Final

from workers.core.merging.heard import Heard
from workers.core.merging.kept import words_by_source
from workers.core.merging.places import middle_s, overlap, span_of
from workers.core.merging.state import Channel, Closed
from workers.core.merging.words import same

LONGEST_AHEAD: Final = 32
"""Words of a guess that a final of the next segment may have taken."""


ROUGH_S: Final = 0.8
"""As much as times that we spread are wrong, but for few."""
LOOK_BACK: Final = 5
"""Closed captions that a segment may overlap: a window of half a minute."""


def recent_words(
    channel: Channel, closed: Sequence[Closed], look_back: int = LOOK_BACK
) -> list[Heard]:
    """Return the last words that are final on a channel, in order, with times.

    Those of closed captions have times spread over their part of it.
    """
    words: list[Heard] = []
    mine = (one for one in reversed(closed) if one.channel == channel.name)
    for caption in reversed(list(islice(mine, look_back))):
        for _, said in words_by_source(caption):
            words += said
    for run in channel.runs:
        if run.final:
            words += run.words
    return words


def is_repeat(words: Sequence[Heard], known: Sequence[Heard]) -> bool:
    """Tell whether words were said before: same words *and* the same time (rule 4)."""
    span = span_of(words)
    if span is None:
        return False
    said = [same(word.text) for word in words]
    heard = [same(word.text) for word in known]
    size = len(said)
    for first in range(len(heard) - size + 1):
        if heard[first : first + size] == said:
            run = known[first : first + size]
            if overlap(run, span) and _at(run, span):
                return True
    return False


def _at(run: Sequence[Heard], span: tuple[float, float]) -> bool:
    """Tell whether a run may lie where *span* does, and not just reach into it.

    "no" … "no", and a window with the last of them and one more: the two in the window
    are as many as before, but not the same.
    """
    begins_s, ends_s = run[0].end_s, run[-1].start_s
    return (begins_s is None or begins_s > span[0] - ROUGH_S) and (
        ends_s is None or ends_s < span[1] + ROUGH_S
    )


def said_ahead(words: Sequence[Heard], known: Sequence[Heard]) -> int:
    """Count the last words of a guess that are final already, in the same time."""
    for size in range(min(len(words), LONGEST_AHEAD), 0, -1):
        if is_repeat(words[-size:], known):
            return size
    return 0


def owned(words: Sequence[Heard], known: Sequence[Heard]) -> int:
    """Count the words that lie in the time of a word that is final (rule 2)."""
    return sum(
        any(
            known_word.start_s is not None
            and known_word.end_s is not None
            and known_word.start_s <= middle_s(word, -1.0) <= known_word.end_s
            for known_word in known
        )
        for word in words
    )


def carried_over(words: Sequence[Heard], known: Sequence[Heard], *, timed: bool) -> int:
    """Count the leading words that only repeat what was said last (rule 5).

    The longest suffix of *known* that is a prefix of *words* and overlaps it in time.
    Times that we spread are rough (not *timed*): there it is enough that the last
    known word lies inside the time of all *words*.
    """
    span = span_of(words)
    if span is None or not known or (known[-1].start_s or 0.0) >= span[1]:
        return 0
    said = [same(word.text) for word in words]
    heard = [same(word.text) for word in known[-len(said) :]]
    sizes = [
        size
        for size in range(len(heard), 0, -1)
        if heard[-size:] == said[:size]
        and (
            overlap(known[-size:], (span[0], words[size - 1].end_s or span[1]))
            or (not timed and span[0] < middle_s(known[-1], span[0]) < span[1])
        )
    ]
    for size in sizes:
        # "We say. Say so": where it is clear, a word before these is another one.
        if not timed or (known[-size].end_s or 0.0) > span[0] - ROUGH_S:
            return size
    return max(sizes, default=0)
