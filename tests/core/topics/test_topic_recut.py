"""A finished talk, scored, cut and named as a whole."""

from itertools import chain, combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from schemas.captions import Flag
from tests.core.topics.topic_talks import (
    LIFE,
    SUBJECTS,
    captions,
    plain_model,
    sentences,
    talk_events,
)
from workers.core.quality import LOOP
from workers.core.topics import TopicState, step
from workers.core.topics.decision import after_change, bar, reach
from workers.core.topics.finished import finish
from workers.core.topics.kept.heard import Speaker
from workers.core.topics.recut import best, least, peaks_of, recut, together

MODEL = plain_model()


@given(st.lists(st.floats(-9, 3), max_size=150), st.integers(0, 12), st.integers(1, 30))
def test_the_best_gaps_are_apart_from_each_other_and_from_both_ends(
    scores, wanted, apart
):
    found = best(scores, wanted, apart)
    assert len(found) <= wanted
    edges = [0, *found, len(scores)]
    if found:
        assert all(b - a >= apart for a, b in pairwise(edges))
    room = [
        gap
        for gap in range(apart, len(scores) - apart + 1)
        if gap and all(abs(gap - one) >= apart for one in found)
    ]
    if len(found) < wanted:
        assert room == []
    elif found:
        assert all(scores[gap] <= max(scores[one] for one in found) for gap in room)


@given(talk_events(hostile=False, max_talks=4))
@settings(max_examples=10, deadline=None)
def test_each_score_is_the_one_that_was_decided_by_live(events):
    said = events[:-1]
    finished = finish(said, MODEL)
    assert len(finished.scores) == len(finished.captions) == len(said)
    state = TopicState(stream_id="talk", life=LIFE)
    for event in said:
        state, _ = step(state, event, MODEL)
        for back, score in enumerate(reversed(state.sure.scores), start=1):
            assert finished.scores[state.sure.next_gap - back] == score


def test_three_clear_topics_are_cut_and_named_each_by_its_own_words():
    chapters = recut(finish(captions(sentences([0, 1, 2], 35)), MODEL), MODEL)
    assert len(chapters) == 3
    for chapter, subject, true in zip(chapters, (0, 1, 2), (0, 35, 70), strict=True):
        assert abs(chapter.first - true) <= 3
        said = set(" ".join(chapter.names.keyphrases).split())
        assert said <= set(" ".join(sentences([subject], 35)).split())
        assert said & set(SUBJECTS[subject])
    assert [one.end for one in chapters] == [
        *(one.first for one in chapters[1:]),
        105,
    ]


@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_short_talk_is_one_topic_at_most(count):
    said = captions(sentences([0], 5)[:count])
    assert len(recut(finish(said, MODEL), MODEL)) == min(count, 1)


def test_what_the_recogniser_said_over_and_over_is_no_part_of_it():
    said = captions(sentences([0, 1], 20))
    flag = Flag(name=LOOP, evidence="thank you, 11 times")
    stuck = [changed(one, flags=(flag,)) for one in said[10:14]]
    finished = finish([*said[:10], *stuck, *said[14:]], MODEL)
    assert len(finished.captions) == len(said) - 4
    assert finished == finish([*said[:10], *said[14:]], MODEL)


ALONE = ()
FOUR = tuple(Speaker(name, 9, 0) for name in "abcd")


@given(
    st.lists(st.floats(-9, 3), max_size=14),
    st.integers(5, 20),
    st.sampled_from((ALONE, FOUR)),
)
def test_no_other_choice_of_peaks_is_better_in_sum(scores, usual, speakers):
    apart = least(usual)
    peaks = peaks_of(scores, reach(usual))

    def worth(changes):
        ranked = sorted((scores[gap] for gap in peaks), reverse=True)
        over = bar(ranked, len(scores), usual, speakers) if ranked else 0
        edges = [0, *changes]
        return sum(
            scores[gap] - over - after_change(gap - before, usual)
            for before, gap in pairwise(edges)
        )

    def allowed(changes):
        return all(b - a >= apart for a, b in pairwise([0, *changes, len(scores)]))

    found = together(scores, usual, speakers)
    assert not found or allowed(found)
    others = chain.from_iterable(
        combinations(peaks, count) for count in range(1, len(peaks) + 1)
    )
    most = max((worth(one) for one in others if allowed(one)), default=0)
    assert worth(found) == pytest.approx(max(0, most))
