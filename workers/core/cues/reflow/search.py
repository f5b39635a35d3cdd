"""Where to end lines and cues when all that follows is known."""

from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

from workers.core.cues.compliance import reading
from workers.core.cues.penalties import CLAUSE, SENTENCE, break_costs
from workers.core.cues.profiles import Profile
from workers.core.cues.reflow.passages import Passage
from workers.core.cues.reflow.timing import LONGEST_S
from workers.core.cues.search import EMPTY_LINE, NEW_CUE, Cut, Line, places
from workers.core.cues.timing import CLOSED_S

SHORT_CUE: Final = 50.0
"""What a cue costs that there is no time to show for the profile's least."""
TOO_FAST: Final = 30.0
"""What a cue costs that there is no time to read; twice this at half the time."""
PAUSE: Final = 30.0
"""What a second of silence inside a cue costs, where it is more than can be closed."""
EMPTY: Final = 0.25
"""The share that a cue pays for columns that stay empty however even its lines are: a
short cue looks no worse than a full one, only uneven lines do."""

CUE_END: Final = 3.0
"""So much more than of a line costs the end of a cue. Live it is twice: there the cues
of a caption must be cut before its end is known."""
BEGUN: Final = 25.0
"""What it costs to end a cue inside a sentence that began in it after another one."""

_Ways = dict[int, tuple[float, int]]
"""By the end of a line: the least cost up to there, and where that line begins."""


class _Times(NamedTuple):
    """What a cue of a passage costs in time, worked out once for all cuts."""

    starts_s: list[float]
    """When each unit begins; last, when something else is said."""
    ends_s: list[float]
    waits: list[float]
    """What the silences before each unit cost, added up."""
    needed_s: list[float]
    """What it takes to read all units before each one, at the profile's speed."""

    def too_long(self, first: int, end: int, limit_s: float) -> bool:
        """Tell whether a cue of more than one unit is longer than it may be."""
        return end - first > 1 and self.ends_s[end - 1] - self.starts_s[first] > limit_s

    def cost(self, first: int, end: int, profile: Profile) -> float:
        """Return what a cue costs that there is too little time for."""
        room_s = self.starts_s[end] - profile.min_gap_s - self.starts_s[first]
        if profile.max_duration_s is not None:
            room_s = min(room_s, profile.max_duration_s)
        cost = self.waits[end - 1] - self.waits[first]
        if room_s < (profile.min_duration_s or 0.0):
            cost += SHORT_CUE
        needed_s = self.needed_s[end] - self.needed_s[first]
        if room_s < needed_s:
            cost += TOO_FAST * (1 + min(1.0, 2 * (needed_s - room_s) / needed_s))
        return cost


def cut_passage(passage: Passage, profile: Profile, next_s: float) -> list[Cut]:
    """Cut a passage into cues and their lines at the least cost of all ways there are.

    No line is wider than the profile allows, no cue has more lines or is longer than
    its longest duration, but for a single unit that is longer by itself.

    Args:
        passage: With at least one unit.
        profile: What a cue may be.
        next_s: When something else is said after it; infinite at the end.

    Returns:
        Cues in order; together they have each unit once.
    """
    search = _Search(passage, profile, next_s)
    count = len(passage.units)
    best = [0.0] + [float("inf")] * count
    begins = [0] * (count + 1)
    for first in range(count):
        base = best[first]
        if first:
            base += NEW_CUE + CUE_END * search.costs[first]
        for end, cost in search.cues(first):
            if base + cost < best[end]:
                best[end], begins[end] = base + cost, first
    cuts: list[Cut] = []
    end = count
    while end > 0:
        cuts.append(search.lines(begins[end], end))
        end = begins[end]
    return cuts[::-1]


class _Search:
    """What the cues of one passage cost, wherever they begin and end."""

    def __init__(self, passage: Passage, profile: Profile, next_s: float) -> None:
        self.costs = _costs(passage)
        self._profile = profile
        self._times = _times(passage, profile, next_s)
        self._begins, self._ends = places(passage.units)
        self._bounds = [
            cost == SENTENCE or passage.owners[place] != passage.owners[place - 1]
            for place, cost in enumerate(self.costs)
        ]
        self._sentences = list(accumulate(self._bounds))

    def cues(self, first: int) -> Iterator[tuple[int, float]]:
        """Yield where a cue that begins with a unit may end, and what it costs."""
        least: dict[int, float] = {}
        for number, ways in enumerate(self._ways(first)):
            for end, (lines_cost, _) in ways.items():
                whole = lines_cost - self._even(first, end, number + 1)
                if whole < least.get(end, float("inf")):
                    least[end] = whole
        for end, whole in least.items():
            cost = whole
            if self._times:
                cost += self._times.cost(first, end, self._profile)
            if self._begun(first, end):
                cost += BEGUN
            yield end, cost

    def lines(self, first: int, end: int) -> Cut:
        """Return the lines of the cue that `cues` gave the cost of."""
        levels = self._ways(first)
        number = min(
            (number for number, ways in enumerate(levels) if end in ways),
            key=lambda number: (
                levels[number][end][0] - self._even(first, end, number + 1)
            ),
        )
        lines: list[Line] = []
        for ways in levels[number::-1]:
            start = ways[end][1]
            lines.append((start, end))
            end = start
        return tuple(reversed(lines))

    def _even(self, first: int, end: int, count: int) -> float:
        """Return what so many lines need not pay for, as if all were equally wide."""
        columns = self._profile.text_chars
        width = (self._ends[end - 1] - self._begins[first] + 1) / count - 1
        return (1 - EMPTY) * EMPTY_LINE * count * (1 - width / columns) ** 2

    def _begun(self, first: int, end: int) -> bool:
        """Tell whether a cue ends inside a sentence that is not its first."""
        if end == len(self._bounds) or self._bounds[end]:
            return False
        return self._sentences[end - 1] > self._sentences[first]

    def _ways(self, first: int) -> list[_Ways]:
        """Return for the first line, the second …: where it may end, at what cost.

        The work of one cue grows with its units times those that fit on a line.
        """
        begins, ends, times = self._begins, self._ends, self._times
        count, columns = len(begins), self._profile.text_chars
        limit_s = self._profile.max_duration_s or LONGEST_S
        levels: list[_Ways] = []
        starts = {first: 0.0}
        for _ in range(self._profile.max_lines):
            ways: _Ways = {}
            for start, cost in starts.items():
                for end in range(start + 1, count + 1):
                    free = columns - (ends[end - 1] - begins[start])
                    if free < 0 or (times and times.too_long(first, end, limit_s)):
                        break
                    added = cost + EMPTY_LINE * (free / columns) ** 2
                    if end not in ways or added < ways[end][0]:
                        ways[end] = added, start
            if not ways:
                break
            levels.append(ways)
            starts = {
                end: cost + self.costs[end]
                for end, (cost, _) in ways.items()
                if end < count
            }
        return levels


def _costs(passage: Passage) -> list[float]:
    """Weigh the places between units: where a caption or the speaker pauses is good."""
    costs = break_costs(passage.units, passage.captions[0].language)
    spans = passage.spans
    for place in range(1, len(costs)):
        paused = spans and spans[place].start_s - spans[place - 1].end_s >= CLOSED_S
        if paused or passage.owners[place] != passage.owners[place - 1]:
            costs[place] = min(costs[place], CLAUSE)
    return costs


def _times(passage: Passage, profile: Profile, next_s: float) -> _Times | None:
    spans = passage.spans
    if spans is None:
        return None
    silences = [0.0] + [
        PAUSE * max(0.0, after.start_s - before.end_s - CLOSED_S)
        for before, after in pairwise(spans)
    ]
    needed = [
        reading([" " * unit.spaced + unit.text], profile).seconds
        for unit in passage.units
    ]
    return _Times(
        [*(span.start_s for span in spans), max(next_s, spans[-1].end_s)],
        [span.end_s for span in spans],
        list(accumulate(silences)),
        [0.0, *accumulate(needed)],
    )
