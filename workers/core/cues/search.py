"""Where to end lines and cues: the cheapest way through all places there are."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import inf
from typing import Final

from workers.core.cues.profiles import Profile
from workers.core.cues.timing import Span
from workers.core.cues.unit import Unit
from workers.core.cues.way import Way
from workers.core.text.graphemes import is_plain

EMPTY_LINE: Final = 60.0
"""What a wholly empty line costs; a partly empty one by the square of its share,
which is what makes lines even."""
NEW_CUE: Final = 20.0
"""What each cue after the first costs, so that there are few."""
SHORT_CUE: Final = 25.0
"""What a cue costs that is shown for less than the profile's least."""

TWO: Final = 2
"""Lines that most profiles have at most."""

Line = tuple[int, int]
"""First unit and end (exclusive)."""
Cut = tuple[Line, ...]
"""The lines of one cue."""


class Found:
    """The cheapest ways found so far: by which line of its cue ends where.

    Args:
        lines: That a cue has at most.
        count: Of units.
    """

    def __init__(self, lines: int, count: int) -> None:
        self.least = [[inf] * (count + 1) for _ in range(lines)]
        """What they cost, by line and place."""
        self.ways: list[list[Way | None]] = [[None] * (count + 1) for _ in range(lines)]
        """How that line starts."""


def plainly_fits(text: str, start: int, end: int, profile: Profile) -> bool:
    """Tell, quickly, that one cue holds a stretch of plain text.

    Asked for each growing caption at each of its updates, before anything is made of
    its words. False says only that a closer look is needed.
    """
    columns = profile.text_chars
    stretch = text[start:end]
    if not is_plain(stretch):
        return False
    place = len(stretch) - len(stretch.lstrip())
    for _ in range(profile.max_lines):
        if len(stretch) - place <= columns:
            return True
        place = stretch.rfind(" ", place, place + columns + 1) + 1
        if place <= 0:
            # A token is longer than a line.
            return False
    return False


def one_cue_holds(units: Sequence[Unit], profile: Profile) -> bool:
    """Tell whether units fit into one cue, its lines filled one after the other."""
    lines, width = 1, -1
    columns = profile.text_chars
    for unit in units:
        if width < 0:
            width = unit.columns
            continue
        width += unit.columns + unit.spaced
        if width > columns:
            lines += 1
            width = unit.columns
            if lines > profile.max_lines:
                return False
    return True


def cut(
    units: Sequence[Unit],
    costs: Sequence[float],
    profile: Profile,
    spans: Sequence[Span] | None,
    *,
    goes_on: bool,
    single: bool = False,
) -> list[Cut]:
    """Cut units into cues and their lines at the least cost.

    No line is wider than the profile allows; no cue has more lines, nor is longer
    than its longest duration, but for a single unit that is longer by itself. The
    work grows with the number of units times those that fit on a line.

    Args:
        units: At least one, none wider than a line.
        costs: To end a line before each unit; twice that to end a cue.
        profile: What a cue may be.
        spans: When each unit is spoken; None where no cue can last too long.
        goes_on: More will follow the last unit, so its line may stay short.
        single: All is one cue, which holds it; only its lines are looked for.

    Returns:
        At least one cue; together they have each unit once, in order.
    """
    begins, ends = places(units)
    count = len(units)
    columns = profile.text_chars
    most_s = inf if profile.max_duration_s is None else profile.max_duration_s
    found = Found(profile.max_lines, count)
    empty = _empty_costs(columns)
    for first in range(count):
        room = columns + begins[first]
        last = bisect_right(ends, room, first)
        for line, start in _starts(
            found, first, costs[first], profile, spans, single=single
        ):
            before, cue_start = start.cost, start.cue_start
            least, ways = found.least[line], found.ways[line]
            began_s = 0.0 if spans is None else spans[cue_start].start_s
            for end in range(last, first, -1):
                short = goes_on and end == count
                cost = before + (0.0 if short else empty[room - ends[end - 1]])
                if cost >= least[end]:
                    if short:
                        continue
                    # What starts later leaves more of its line empty, and the square
                    # of that is worse by the more the nearer the end: so it is no
                    # cheaper for any nearer end either.
                    break
                if (
                    spans is not None
                    and end - cue_start > 1
                    and spans[end - 1].end_s - began_s > most_s
                ):
                    # Too long, and it can be shorter.
                    continue
                least[end], ways[end] = cost, start
    return _trace(found, _cheapest(found, count, profile, spans)[0])


@lru_cache
def _empty_costs(columns: int) -> tuple[float, ...]:
    """Return what a line costs that has so many columns left."""
    return tuple(EMPTY_LINE * (free / columns) ** 2 for free in range(columns + 1))


def in_two_lines(
    units: Sequence[Unit], cost: Callable[[int], float], profile: Profile
) -> Cut:
    """Cut units that two lines hold, and one does not, into these: as `cut` would.

    Most cues are such, and there are few places to look at.

    Args:
        units: None wider than a line.
        cost: To end a line before the unit at a place; asked only where both lines
            hold what they get.
        profile: What a cue may be.
    """
    begins, ends = places(units)
    columns = profile.text_chars
    best, least = 0, inf
    for place in range(1, len(units)):
        free = columns - (ends[place - 1] - begins[0])
        if free < 0:
            break
        free_below = columns - (ends[-1] - begins[place])
        if free_below < 0:
            continue
        above = EMPTY_LINE * (free / columns) ** 2 + cost(place)
        whole = above + EMPTY_LINE * (free_below / columns) ** 2
        if whole < least:
            best, least = place, whole
    return (0, best), (best, len(units))


def places(units: Sequence[Unit]) -> tuple[list[int], list[int]]:
    """Return the columns where units begin and end if all were on one line."""
    begins, ends, place = [], [], 0
    for unit in units:
        place += unit.spaced
        begins.append(place)
        place += unit.columns
        ends.append(place)
    return begins, ends


def _starts(
    found: Found,
    first: int,
    cost: float,
    profile: Profile,
    spans: Sequence[Span] | None,
    *,
    single: bool,
) -> list[tuple[int, Way]]:
    """Return how a line may start at a place: as which of its cue, at what cost."""
    if first == 0:
        return [(0, Way(0.0, 0, 0, -1))]
    starts = []
    for line in range(len(found.ways) - 1):
        way = found.ways[line][first]
        if way is not None:
            least = found.least[line][first]
            starts.append((line + 1, Way(least + cost, first, way.cue_start, line)))
    line, closed = (-1, 0.0) if single else _cheapest(found, first, profile, spans)
    if line >= 0:
        starts.append((0, Way(closed + NEW_CUE + 2 * cost, first, first, line)))
    return starts


def _cheapest(
    found: Found, end: int, profile: Profile, spans: Sequence[Span] | None
) -> tuple[int, float]:
    """Return as which line of a cue it is cheapest to end it here, and the cost."""
    best, least = -1, inf
    for line, ways in enumerate(found.ways):
        way = ways[end]
        if way is None:
            continue
        cost = found.least[line][end]
        if (
            spans is not None
            and profile.min_duration_s is not None
            and spans[end - 1].end_s - spans[way.cue_start].start_s
            < profile.min_duration_s
        ):
            cost += SHORT_CUE
        if cost < least:
            best, least = line, cost
    return best, least


def _trace(found: Found, line: int) -> list[Cut]:
    """Walk back from the last line to the first."""
    cues: list[Cut] = []
    lines: list[Line] = []
    end = len(found.ways[0]) - 1
    while end > 0:
        way = found.ways[line][end]
        assert way is not None
        lines.append((way.line_start, end))
        if line == 0:
            cues.append(tuple(reversed(lines)))
            lines = []
        end, line = way.line_start, way.line_before
    cues.reverse()
    return cues
