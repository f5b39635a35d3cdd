"""Who owns a stretch of speech: rules 1 to 5."""

from collections.abc import Sequence
from itertools import islice

from msgspec.structs import replace

from schemas.segment import CaptionSegment
from workers.core.merging.stability import agreed_words
from workers.core.merging.state import Channel, Closed, Run
from workers.core.merging.words import Heard, same, split, spread

JITTER_S = 0.05
"""Ends and beginnings this close touch; recognisers round to tens of ms."""
LOOK_BACK = 5
"""Closed captions that a segment may overlap: a window of half a minute."""


def owner_of(
    segment: CaptionSegment,
    channel: Channel,
    span: tuple[float, float] | None,
    epoch: int,
) -> str:
    """Name the run that a segment speaks of (rule 1).

    Its own id where it has one; else the open run that it overlaps in time; else,
    where no time is given, the one now open. A start time alone names nothing.
    """
    if segment.segment_id is not None:
        # A provider may count anew after a reconnect.
        return f"{epoch}:{segment.segment_id}" if epoch else segment.segment_id
    if segment.mode == "replace" and span is not None:
        for run in channel.runs:
            if not run.final and overlaps(run, span):
                return run.owner
        return f"~s{round(span[0] * 1000)}"
    return f"~t{channel.turn}"


def span_of(words: Sequence[Heard]) -> tuple[float, float] | None:
    """Return first start and last end, or None where a time is missing."""
    if not words:
        return None
    start_s, end_s = words[0].start_s, words[-1].end_s
    return None if start_s is None or end_s is None else (start_s, end_s)


def overlaps(run: Run, span: tuple[float, float]) -> bool:
    """Tell whether a run's words lie, in part, inside a stretch of time."""
    own = span_of(run.words)
    return (
        own is not None and own[0] < span[1] - JITTER_S and own[1] > span[0] + JITTER_S
    )


def recent_words(channel: Channel, closed: Sequence[Closed]) -> list[Heard]:
    """Return the last words that are final on a channel, in order, with times.

    Those of closed captions have times spread over the caption.
    """
    words: list[Heard] = []
    mine = (one for one in reversed(closed) if one.channel == channel.name)
    for caption in reversed(list(islice(mine, LOOK_BACK))):
        if caption.start_s is not None and caption.end_s is not None:
            texts, glued = split(caption.text)
            words += spread(texts, glued, caption.start_s, caption.end_s)
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
        if heard[first : first + size] == said and _touch(
            known[first : first + size], span
        ):
            return True
    return False


def carried_over(words: Sequence[Heard], known: Sequence[Heard]) -> int:
    """Count the leading words that only repeat what was said last (rule 5).

    The longest suffix of *known* that is a prefix of *words* and overlaps it in time.
    """
    span = span_of(words)
    if span is None:
        return 0
    said = [same(word.text) for word in words]
    heard = [same(word.text) for word in known[-len(said) :]]
    for size in range(len(heard), 0, -1):
        if heard[-size:] == said[:size] and _touch(
            known[-size:], (span[0], words[size - 1].end_s or span[1])
        ):
            return size
    return 0


def left_over(run: Run, taken: Sequence[Heard]) -> tuple[Heard, ...]:
    """Return the words of an open run that a final did not take (rule 2).

    They lie after its end, and the final has no word of its own in their place.
    """
    span = span_of(taken)
    if span is None or not run.words:
        return ()
    if same(run.words[-1].text) == same(taken[-1].text):
        return ()
    rest = [word for word in run.words if middle_s(word, span[1]) > span[1] + JITTER_S]
    said = [same(word.text) for word in taken[-3:]]
    while rest and not run.timed and same(rest[0].text) in said:
        # Times that we spread ourselves are rough: a word that the final has among
        # its last ones is that word.
        rest.pop(0)
    return tuple(rest)


def granted(runs: Sequence[Run], new: Run, *, claims_time: bool) -> tuple[Run, ...]:
    """Give a run its place, and take from open ones what it now owns.

    Args:
        runs: The runs of a channel.
        new: What was heard now; it replaces the open run of the same owner.
        claims_time: An open run without a name of its own takes the time of others;
            a final always does.
    """
    span = span_of(new.words)
    place = None
    rest: list[Run] = []
    for run in runs:
        if run.final:
            rest.append(run)
        elif run.owner == new.owner:
            place = len(rest)
            if new.final:
                rest += _left(run, left_over(run, new.words))
            else:
                new = replace(new, agreed=agreed_words(run.words, new.words))
        elif span is not None and (new.final or claims_time) and overlaps(run, span):
            before = tuple(
                word for word in run.words if middle_s(word, span[0]) < span[0]
            )
            after = (
                left_over(run, new.words)
                if new.final
                else tuple(
                    word for word in run.words if middle_s(word, span[1]) > span[1]
                )
            )
            rest += [*_left(run, before), *_left(run, after)]
        else:
            rest.append(run)
    if place is None:
        place = _place(rest, span)
    return (*rest[:place], new, *rest[place:])


def middle_s(word: Heard, unknown_s: float) -> float:
    """Return the middle of a word, or *unknown_s* where it has no times."""
    if word.start_s is None or word.end_s is None:
        return unknown_s
    return (word.start_s + word.end_s) / 2


def _left(run: Run, words: tuple[Heard, ...]) -> list[Run]:
    """Keep words that a claim left over, under a name of their own."""
    if not words:
        return []
    if len(words) == len(run.words):
        return [run]
    side = "b" if words[0] is run.words[0] else "a"
    return [replace(run, owner=f"{run.owner}~{side}", words=words, agreed=0)]


def _place(runs: Sequence[Run], span: tuple[float, float] | None) -> int:
    """Return where a run stands by the time of its first word; else the end."""
    if span is not None:
        for place, run in enumerate(runs):
            own = span_of(run.words)
            if own is not None and own[0] > span[0] + JITTER_S:
                return place
    return len(runs)


def _touch(words: Sequence[Heard], span: tuple[float, float]) -> bool:
    own = span_of(words)
    return (
        own is not None and own[0] < span[1] - JITTER_S and own[1] > span[0] + JITTER_S
    )
