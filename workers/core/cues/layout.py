"""From units to cues: lines, times and what rules they break."""

from collections.abc import Sequence

from msgspec.structs import replace

from schemas.captions import Caption
from workers.core.cues.compliance import broken_rules, reading
from workers.core.cues.laid import Beside, Laid
from workers.core.cues.penalties import break_cost, break_costs
from workers.core.cues.profiles import Profile
from workers.core.cues.search import TWO, Cut, cut, in_two_lines, one_cue_holds
from workers.core.cues.surroundings import Surroundings
from workers.core.cues.timing import Span, Timeline, shown_span
from workers.core.cues.unit import Unit


def cuts_of(
    units: Sequence[Unit],
    caption: Caption,
    when: Timeline,
    profile: Profile,
    after_s: float | None,
    *,
    goes_on: bool,
) -> list[Cut]:
    """Cut units of a caption into cues.

    Args:
        units: A stretch of the caption without a hole, perhaps empty.
        caption: Whose they are.
        when: Its times.
        profile: What a cue may be.
        after_s: When the cue before them ends, which nothing may be shown before.
        goes_on: More will follow; the last cue, which may still grow, is left out.
    """
    if not units:
        return []
    end = len(caption.text) if goes_on else units[-1].end
    whole = one_cue_holds(units, profile)
    overdue = False
    spoken = Span(0.0, 0.0)
    if may_last_too_long(caption, profile, after_s) and when.known():
        assert profile.max_duration_s is not None
        spoken = _after(when.span(units[0].start, end), after_s)
        overdue = spoken.end_s - spoken.start_s > profile.max_duration_s
    if whole and not overdue:
        if goes_on:
            return []
        if width(units) <= profile.text_chars:
            return [((0, len(units)),)]
    if overdue and end > units[-1].end:
        units = _with_the_unsure(units, caption.text)
    spans = None
    if (overdue or not whole) and when.known():
        spans = [_after(when.span(unit.start, unit.end), after_s) for unit in units]
        if overdue and goes_on:
            # A caption may be known to last for longer than its last word.
            spans[-1] = spans[-1]._replace(end_s=max(spans[-1].end_s, spoken.end_s))
    single = whole and not overdue
    if single and profile.max_lines == TWO:
        return [in_two_lines(units, break_cost(units, caption.language), profile)]
    costs = break_costs(units, caption.language)
    cuts = cut(units, costs, profile, spans, goes_on=goes_on, single=single)
    return cuts[:-1] if goes_on else cuts


def _with_the_unsure(units: Sequence[Unit], text: str) -> list[Unit]:
    """Add all that may still change as one unit, since its time passes too.

    It is last, so it is in the cue that is left out; what was said so long before its
    end that no cue could hold both is not.
    """
    last = units[-1]
    if not text[last.end].isspace():
        return [*units[:-1], replace(last, end=len(text))]
    rest = text[last.end :].split(maxsplit=1)
    if not rest:
        return list(units)
    return [*units, Unit(last.end + 1, len(text), rest[0], 0, spaced=True)]


def _after(spoken: Span, after_s: float | None) -> Span:
    """Return what is left of a stretch of time after some moment."""
    if after_s is None or spoken.start_s >= after_s:
        return spoken
    return Span(after_s, max(after_s, spoken.end_s))


def may_last_too_long(
    caption: Caption, profile: Profile, from_s: float | None = None
) -> bool:
    """Tell whether what a caption has from some moment on may need more than a cue.

    Args:
        caption: The caption.
        profile: With the longest duration of a cue.
        from_s: Media time; the start of the caption where None.
    """
    limit_s = profile.max_duration_s
    if limit_s is None:
        return False
    if from_s is None:
        from_s = caption.start_s
    if from_s is None or caption.end_s is None:
        return caption.words is not None
    return caption.end_s - from_s > limit_s


def width(units: Sequence[Unit]) -> int:
    """Return the columns of units on one line."""
    return sum(unit.columns + unit.spaced for unit in units) - units[0].spaced


def lay_out(
    units: Sequence[Unit],
    cuts: Sequence[Cut],
    when: Timeline,
    profile: Profile,
    beside: Beside,
    *,
    kept: int = 0,
) -> list[Laid]:
    """Give cuts their lines and times.

    Args:
        units: What the cuts count.
        cuts: The cues, in order; there may be more units after the last.
        when: The times of their caption.
        profile: What a cue may be.
        beside: What they keep their gap to.
        kept: So many leading cues have the words they were shown with.
    """
    laid = []
    before_s = beside.before_s
    for place, lines in enumerate(cuts):
        first, end = lines[0][0], lines[-1][1]
        texts = tuple(line_text(units, *line) for line in lines)
        read = reading(texts, profile)
        shown = near = None
        if when.known():
            next_s, until_s = None, when.end_s()
            if end < len(units):
                until_s = when.span(units[end].start, units[end].end).start_s
            elif beside.next_s is not None:
                next_s = until_s = beside.next_s
            near = Surroundings(
                when.span(units[first].start, units[end - 1].end),
                before_s,
                next_s,
                followed=end < len(units) or next_s is not None,
                revised=place < kept,
            )
            shown = shown_near(
                near, until_s, read.seconds, profile, followed=near.followed
            )
            before_s = shown.end_s
        split = False
        for unit in units[first:end]:
            split = split or unit.part
        laid.append(
            Laid(
                texts,
                tuple(units[line[1] - 1].end for line in lines),
                end < len(units) and units[end].part and not units[end].spaced,
                shown and shown.start_s,
                shown and shown.end_s,
                broken_rules(
                    shown,
                    near,
                    read,
                    profile,
                    split=split,
                    single=end - first == 1,
                ),
                near,
                split,
                end - first == 1,
            )
        )
    return laid


def line_text(units: Sequence[Unit], first: int, end: int) -> str:
    """Write the units from *first* to before *end* as one line."""
    parts = [units[first].text]
    for unit in units[first + 1 : end]:
        if unit.spaced:
            parts.append(" ")
        parts.append(unit.text)
    # A token cut inside may begin with a space that does not break.
    return "".join(parts).strip()


def shown_near(
    near: Surroundings,
    until_s: float,
    reading_s: float,
    profile: Profile,
    *,
    followed: bool,
) -> Span:
    """Return when a cue is shown beside the one before it; as `shown_span`."""
    spoken = near.spoken
    if near.before_s is not None:
        spoken = _after(spoken, near.before_s + profile.min_gap_s)
    return shown_span(spoken, until_s, reading_s, profile, followed=followed)
