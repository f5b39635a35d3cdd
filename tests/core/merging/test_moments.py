"""Moments of media time, to the millisecond."""

from hypothesis import given
from hypothesis import strategies as st

from workers.core.merging.moments import to_ms

LARGEST_S = 1e9
TIES = st.builds(
    lambda whole, part: whole / part,
    st.integers(0, 10**9),
    st.sampled_from([2, 16, 1000, 2000, 10_000]),
)


@given(st.lists(st.floats(0, LARGEST_S) | TIES))
def test_moments_are_rounded_as_python_rounds_them(moments_s):
    assert to_ms(moments_s) == [round(moment_s, 3) for moment_s in moments_s]
