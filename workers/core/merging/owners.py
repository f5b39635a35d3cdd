"""Who owns a stretch of speech: a claim is granted, rules 1 and 2."""

from collections.abc import Sequence

from msgspec.structs import replace

from workers.core.merging.left import left, left_before, left_over
from workers.core.merging.places import JITTER_S, overlap, span_of
from workers.core.merging.repeats import carried_over
from workers.core.merging.stability import agreed_words
from workers.core.merging.state import Run
from workers.core.merging.words import respread


def granted(
    runs: Sequence[Run], new: Run, *, claims_time: bool, sure: int = 0
) -> tuple[Run, ...]:
    """Give a run its place, and take from open ones what it now owns.

    Args:
        runs: The runs of a channel.
        new: What was heard now; it replaces the open run of the same owner.
        claims_time: An open run without a name of its own takes the time of others;
            a final always does.
        sure: Leading words of the new run that will not change (rule 9).
    """
    if not runs:
        return (_believed(new, sure),)
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
            elif before:
                said = run.words[len(before) :]
                sure = max(sure, agreed_words(said, new.words))
        elif span is None or not overlap(run.words, span) or _at_once(run, new):
            rest.append(run)
        elif new.final or claims_time or run.left:
            rest += left(run, left_before(run, new.words))
            rest += left(run, left_over(run, new.words))
        else:
            run, new = _parted(run, new)  # noqa: PLW2901  # the same run
            rest += [run] if run.words else []
    if place is None:
        place = _place(rest, span)
    return (*rest[:place], _believed(new, sure), *rest[place:])


def _believed(new: Run, sure: int) -> Run:
    return replace(new, agreed=min(sure, len(new.words))) if sure else new


def _place(runs: Sequence[Run], span: tuple[float, float] | None) -> int:
    """Return where a run stands by the time of its first word; else the end."""
    if span is not None:
        for place, run in enumerate(runs):
            own = span_of(run.words)
            if own is not None and own[0] > span[0] + JITTER_S:
                return place
    return len(runs)


def _at_once(run: Run, new: Run) -> bool:
    """Tell whether two speak at the same time: neither takes words of the other."""
    return run.speaker != new.speaker and None not in (run.speaker, new.speaker)


def _parted(run: Run, new: Run) -> tuple[Run, Run]:
    """Part two guesses with names of their own that say the same words (rule 5).

    The later one has them: the boundary between the two has moved.
    """
    count = carried_over(new.words, run.words, timed=new.timed)
    if count:
        return _shorter(run, count, new.words[0].start_s), new
    count = carried_over(run.words, new.words, timed=run.timed)
    if 0 < count < len(new.words):
        return run, _shorter(new, count, run.words[0].start_s)
    return run, new


def _shorter(run: Run, count: int, end_s: float | None) -> Run:
    """Take the last words away, those after *end_s*."""
    words = run.words[: len(run.words) - count]
    start_s = run.words[0].start_s
    if not run.timed and start_s is not None and end_s is not None:
        # The boundary is known better now than by spreading.
        words = respread(words, start_s, max(start_s, end_s)) if words else ()
    return replace(run, words=words, agreed=min(run.agreed, len(words)))
