"""How changes found are compared with true ones."""

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.bench.topics.agreement import (
    TOLERANCES,
    agreement,
    mean,
    probe_width,
    summary,
)
from workers.bench.topics.intervals import drawn, interval

SIZES = st.integers(12, 120)


@st.composite
def changes(draw, size):
    return sorted(draw(st.sets(st.integers(1, size - 1), max_size=size // 4)))


@st.composite
def cases(draw):
    size = draw(SIZES)
    return size, draw(changes(size)), draw(changes(size))


@given(cases())
def test_pk_and_windowdiff_are_what_their_definitions_say(case):
    size, true, found = case
    probe = probe_width(size, len(true))

    def between(marks, start):
        return sum(start < mark <= start + probe for mark in marks)

    starts = range(size - probe)
    apart = [
        (between(true, start) > 0) != (between(found, start) > 0) for start in starts
    ]
    counts = [between(true, start) != between(found, start) for start in starts]
    told = agreement(size, true, found)
    assert told.pk == pytest.approx(np.mean(apart))
    assert told.wd == pytest.approx(np.mean(counts))
    assert told.wd >= told.pk


@given(cases())
def test_what_agrees_fully_differs_nowhere_and_matching_is_symmetric(case):
    size, true, found = case
    same = agreement(size, true, true)
    assert (same.pk, same.wd) == (0, 0)
    assert same.matched == (len(true),) * len(TOLERANCES)
    there, back = agreement(size, true, found), agreement(size, found, true)
    assert there.matched == back.matched
    assert there.matched[0] <= there.matched[1] <= min(len(true), len(found))


@given(cases())
def test_no_other_pairing_matches_more(case):
    size, true, found = case
    within = TOLERANCES[0]
    best = [0] * (len(found) + 1)
    for mark in true:  # the longest common subsequence of marks that are near
        before = best.copy()
        for at, other in enumerate(found):
            near = abs(mark - other) <= within
            best[at + 1] = max(before[at + 1], best[at], before[at] + near)
    assert agreement(size, true, found).matched[0] == best[-1]


def test_a_change_two_sentences_off_is_a_hit_and_four_off_is_none():
    two, four = agreement(60, [30], [32]), agreement(60, [30], [34])
    assert (two.matched, four.matched) == ((1, 1), (0, 1))
    assert summary([two, four]).f1 == (0.5, 1.0)


def test_silence_is_right_wherever_a_probe_meets_no_change():
    told = agreement(100, [50], [])
    assert told.pk == told.wd == pytest.approx(25 / 75)
    assert summary([told]).f1 == (0.0, 0.0)


def test_no_set_rules_because_it_is_big():
    small = summary([agreement(40, [20], [20])])
    big = summary([agreement(40, [20], []) for _ in range(9)])
    assert mean([small, big]).f1[0] == 0.5


def test_an_interval_holds_the_figure_and_is_wide_where_talks_differ():
    chance = random.Random(1)
    alike = [agreement(60, [30], [31])] * 8
    apart = [agreement(60, [30], [31 if chance.random() < 0.5 else 50]) for _ in alike]

    def bounds(talks):
        return interval([one.f1[0] for one in drawn({"set": talks}, summary)])

    assert bounds(alike) == (1.0, 1.0)
    low, high = bounds(apart)
    assert low < summary(apart).f1[0] < high
    assert all(one <= other for one, other in pairwise((0, low, high, 1)))
    assert bounds(apart) == (low, high)  # drawn the same way every time


def test_where_each_set_is_one_talk_the_talks_are_drawn():
    good = agreement(40, [10, 20, 30], [10, 20, 30])
    bad = agreement(40, [10, 20, 30], [5, 15, 25])
    draws = drawn({"one": [good], "other": [bad]}, summary)
    assert {one.f1[0] for one in draws} == {0.0, 0.5, 1.0}
    assert len({one.f1[0] for one in drawn({"one": [good]}, summary)}) == 1
