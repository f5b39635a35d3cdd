"""What is cut without a search, or not looked at, comes out as if it had been."""

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.core.cues.cue_histories import TEXTS
from workers.core.cues import PROFILES, WEB
from workers.core.cues.layout import width
from workers.core.cues.search import cut, in_two_lines, one_cue_holds, plainly_fits
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
