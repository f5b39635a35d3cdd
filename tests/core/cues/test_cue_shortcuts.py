"""What is cut without a search, or not looked at, comes out as if it had been."""

from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import structs

from tests.core.cues.cue_histories import TEXTS
from tests.counted_work import counted
from workers.core.cues import PROFILES, WEB
from workers.core.cues.layout import width
from workers.core.cues.search import (
    EMPTY_LINE,
    NEW_CUE,
    SHORT_CUE,
    cut,
    in_two_lines,
    one_cue_holds,
    places,
    plainly_fits,
)
from workers.core.cues.timing import Span
from workers.core.cues.unit import Unit
from workers.core.cues.units import units_of

WORDS = st.lists(st.text("abc.,", min_size=1, max_size=15), min_size=4, max_size=16)
COSTS = st.lists(st.sampled_from([0.0, 12.0, 25.0, 60.0]), min_size=16, max_size=16)


@given(WORDS.map(" ".join), COSTS)
def test_two_lines_end_where_the_search_ends_them(text, costs):
    units = units_of(text, 0, len(text), WEB.text_chars)
    assume(one_cue_holds(units, WEB) and width(units) > WEB.text_chars)
    costs = costs[: len(units)]
    searched = cut(units, costs, WEB, None, goes_on=False, single=True)
    assert [in_two_lines(units, costs.__getitem__, WEB)] == searched


@given(TEXTS | WORDS.map("  ".join), st.sampled_from([*PROFILES.values()]), st.data())
def test_what_plainly_fits_is_what_one_cue_holds(text, profile, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if plainly_fits(text, start, end, profile):
        units = units_of(text, start, end, profile.text_chars)
        assert one_cue_holds(units, profile)
        assert max((unit.columns for unit in units), default=0) <= profile.text_chars


# The search, against one that leaves nothing out.


def patient(  # noqa: C901  # the whole of a search, in one place to be read
    units, costs, profile, spans, *, goes_on
):
    """Cut units as `cut` does, with a look at every end of every line."""
    lines, (begins, ends) = range(profile.max_lines), places(units)
    found = {}

    def closed(end):
        if end == 0:
            return 0.0, -1
        known = []
        for line in lines:
            if (end, line) in found:
                cost, cue_start, _ = found[end, line]
                lasts_s = spans[end - 1].end_s - spans[cue_start].start_s
                known.append((cost + SHORT_CUE * (lasts_s < 1.0), line))
        return min(known, default=None)

    for first, end in combinations(range(len(units) + 1), 2):
        free = profile.text_chars - (ends[end - 1] - begins[first])
        if free < 0:
            continue
        added = EMPTY_LINE * (free / profile.text_chars) ** 2
        if goes_on and end == len(units):
            added = 0.0
        starts = []
        if (cheapest := closed(first)) is not None:
            more = NEW_CUE + 2 * costs[first] if first else 0.0
            starts.append((0, cheapest[0] + more, first, cheapest[1]))
        for line in lines[1:]:
            if first and (first, line - 1) in found:
                cost, cue_start, _ = found[first, line - 1]
                starts.append((line, cost + costs[first], cue_start, line - 1))
        for line, before, cue_start, line_before in starts:
            lasts_s = spans[end - 1].end_s - spans[cue_start].start_s
            if end - cue_start > 1 and lasts_s > profile.max_duration_s:
                continue
            known = found.get((end, line))
            if known is None or before + added < known[0]:
                found[end, line] = (before + added, cue_start, (first, line_before))
    cues, end, line = [[]], len(units), closed(len(units))[1]
    while end:
        first, before = found[end, line][2]
        cues[0].insert(0, (first, end))
        if line == 0 and first:
            cues.insert(0, [])
        end, line = first, before
    return [tuple(each) for each in cues]


HASTY = structs.replace(WEB, max_chars=9, min_duration_s=1.0, max_duration_s=4.0)


@given(
    st.lists(
        st.tuples(
            st.integers(1, 9),
            st.sampled_from([0.0, 3.0, 12.0, 12.0, 32.0]),
            st.floats(0, 2, allow_nan=False),
        ),
        min_size=1,
        max_size=40,
    ),
    st.booleans(),
)
def test_ends_that_the_search_leaves_out_are_none_that_it_would_take(drawn, goes_on):
    units, spans, place, time_s = [], [], 0, 0.0
    for wide, _, lasts_s in drawn:
        units.append(Unit(place, place + wide, "x" * wide, wide, spaced=True))
        spans.append(Span(time_s, time_s + lasts_s))
        place, time_s = place + wide + 1, time_s + lasts_s
    costs = [cost for _, cost, _ in drawn]
    found = cut(units, costs, HASTY, spans, goes_on=goes_on)
    best = patient(units, costs, HASTY, spans, goes_on=goes_on)
    # Two may cost the same, but for the last digit.
    least = cost_of(best, units, costs, spans, goes_on=goes_on)
    assert cost_of(found, units, costs, spans, goes_on=goes_on) == pytest.approx(least)


def cost_of(cues, units, costs, spans, *, goes_on):
    begins, ends = places(units)
    cost = 0.0
    for cue in cues:
        start, end = cue[0][0], cue[-1][1]
        cost += NEW_CUE + 2 * costs[start] if start else 0.0
        cost += SHORT_CUE * (spans[end - 1].end_s - spans[start].start_s < 1.0)
        cost += sum(costs[first] for first, _ in cue[1:])
        for first, last in cue:
            free = HASTY.text_chars - (ends[last - 1] - begins[first])
            if not (goes_on and last == len(units)):
                cost += EMPTY_LINE * (free / HASTY.text_chars) ** 2
    return cost


def test_a_word_costs_no_more_the_shorter_it_is():
    def steps_a_word(letters):
        units = [
            Unit(place, place + letters, "x" * letters, letters, spaced=True)
            for place in range(0, 400 * (letters + 1), letters + 1)
        ]
        costs = [12.0] * len(units)
        return counted(lambda: cut(units, costs, WEB, None, goes_on=False))

    # Three times as many ends of a line to look at, if all were looked at.
    assert steps_a_word(1) < 1.5 * steps_a_word(5)
