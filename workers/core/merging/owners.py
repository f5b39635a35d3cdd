"""Who owns a stretch of speech: a claim is granted, rules 1 and 2."""

from collections.abc import Sequence

from msgspec.structs import replace

from workers.core.merging.left import left, left_before, left_over
from workers.core.merging.places import JITTER_S, overlap, span_of
from workers.core.merging.stability import agreed_words
from workers.core.merging.state import Run


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
            before = left_before(run, new.words) if claims_time else ()
            rest += left(run, before, renamed=True)
            place = len(rest)
            if new.final:
                rest += left(run, left_over(run, new.words))
            else:
                said = run.words[len(before) :]
                new = replace(new, agreed=agreed_words(said, new.words))
        elif (
            span is not None
            and (new.final or claims_time or run.left)
            and overlap(run.words, span)
            # Two may speak at once.
            and (run.speaker == new.speaker or None in (run.speaker, new.speaker))
        ):
            rest += left(run, left_before(run, new.words))
            rest += left(run, left_over(run, new.words))
        else:
            rest.append(run)
    if place is None:
        place = _place(rest, span)
    return (*rest[:place], new, *rest[place:])


def _place(runs: Sequence[Run], span: tuple[float, float] | None) -> int:
    """Return where a run stands by the time of its first word; else the end."""
    if span is not None:
        for place, run in enumerate(runs):
            own = span_of(run.words)
            if own is not None and own[0] > span[0] + JITTER_S:
                return place
    return len(runs)
