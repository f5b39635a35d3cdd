"""Turns grow while they are quick and full, and shrink when they are long."""

from hypothesis import given
from hypothesis import strategies as st

from workers.delivery.turn_size import LONG_S, QUICK_S, TurnSize

TURNS = st.lists(
    st.tuples(st.integers(0, 100_000), st.floats(0, 10), st.integers(1, 12))
)


@given(st.integers(1, 5000), TURNS, st.integers(1, 12))
def test_a_turn_never_holds_more_of_a_partition_than_is_set(least, turns, among):
    size = TurnSize(least)
    for turn in turns:
        size.learn(*turn)
    assert min(least, least * among) <= size.among(among) <= least * among


def test_quick_full_turns_grow_up_to_so_much_a_partition():
    size = TurnSize(2000)
    for expected in (2000, 4000, 8000, 8000):
        assert size.among(4) == expected
        size.learn(expected, QUICK_S / 2, 4)


def test_turns_that_are_not_full_do_not_grow():
    size = TurnSize(2000)
    size.learn(10, 0.0, 4)
    assert size.among(4) == 2000


def test_a_long_turn_halves_the_next_and_one_between_leaves_it():
    size = TurnSize(2000)
    size.learn(2000, 0, 4)
    size.learn(4000, 0, 4)
    size.learn(8000, (QUICK_S + LONG_S) / 2, 4)
    assert size.among(4) == 8000
    size.learn(8000, 2 * LONG_S, 4)
    assert size.among(4) == 4000


def test_a_fetch_from_one_partition_takes_no_more_than_is_set():
    size = TurnSize(2000)
    size.learn(2000, 0, 4)
    assert size.among(1) == 2000
