"""From units to cues: lines, times and what rules they break."""

from collections.abc import Sequence

from msgspec import Struct

from schemas.captions import Caption
from workers.core.cues.compliance import broken_rules, reading_seconds
from workers.core.cues.penalties import break_costs
from workers.core.cues.profiles import Profile
from workers.core.cues.search import Cut, cut, one_cue_holds
from workers.core.cues.timing import Span, Timeline, shown_span
from workers.core.cues.units import Unit


class Laid(Struct, frozen=True):
    """One cue, but for its name."""

    lines: tuple[str, ...]
    line_ends: tuple[int, ...]
    """Code points from the start of the caption."""
    inside: bool
    """It ends inside a token that is longer than a line."""
    start_s: float | None
    end_s: float | None
    compliance: tuple[str, ...]


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
    whole = one_cue_holds(units, profile)
    if whole and may_last_too_long(caption, profile, after_s) and when.known():
        assert profile.max_duration_s is not None
        spoken = _after(when.span(units[0].start, units[-1].end), after_s)
        whole = spoken.end_s - spoken.start_s <= profile.max_duration_s
    if whole and goes_on:
        return []
    if whole and _width(units) <= profile.max_chars:
        return [((0, len(units)),)]
    spans = None
    if not whole and when.known():
        spans = [_after(when.span(unit.start, unit.end), after_s) for unit in units]
    costs = break_costs(units, caption.language)
    cuts = cut(units, costs, profile, spans, goes_on=goes_on, single=whole)
    return cuts[:-1] if goes_on else cuts


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


def _width(units: Sequence[Unit]) -> int:
    return sum(unit.columns + unit.spaced for unit in units) - units[0].spaced


def lay_out(
    units: Sequence[Unit],
    cuts: Sequence[Cut],
    when: Timeline,
    profile: Profile,
    after_s: float | None,
) -> list[Laid]:
    """Give cuts their lines and times.

    Args:
        units: What the cuts count.
        cuts: The cues, in order; there may be more units after the last.
        when: The times of their caption.
        profile: What a cue may be.
        after_s: When the cue before the first ends, if it matters.
    """
    laid = []
    for lines in cuts:
        first, end = lines[0][0], lines[-1][1]
        texts = tuple(_line(units, *line) for line in lines)
        reading_s = reading_seconds(texts, profile)
        span = None
        if when.known():
            span = _shown(units, first, end, when, profile, after_s, reading_s)
        laid.append(
            Laid(
                texts,
                tuple(units[line[1] - 1].end for line in lines),
                end < len(units) and units[end].part and not units[end].spaced,
                span and span.start_s,
                span and span.end_s,
                broken_rules(
                    span,
                    reading_s,
                    profile,
                    split=any(unit.part for unit in units[first:end]),
                    after_s=after_s,
                ),
            )
        )
        after_s = span and span.end_s
    return laid


def _line(units: Sequence[Unit], first: int, end: int) -> str:
    parts = [units[first].text]
    for unit in units[first + 1 : end]:
        if unit.spaced:
            parts.append(" ")
        parts.append(unit.text)
    # A token cut inside may begin with a space that does not break.
    return "".join(parts).strip()


def _shown(
    units: Sequence[Unit],
    first: int,
    end: int,
    when: Timeline,
    profile: Profile,
    after_s: float | None,
    reading_s: float,
) -> Span:
    spoken = when.span(units[first].start, units[end - 1].end)
    if after_s is not None:
        spoken = _after(spoken, after_s + profile.min_gap_s)
    followed = end < len(units)
    until_s = when.end_s()
    if followed:
        until_s = when.span(units[end].start, units[end].end).start_s
    return shown_span(spoken, until_s, reading_s, profile, followed=followed)
