"""Rule 7: times that begin anew."""

from hypothesis import given
from hypothesis import strategies as st
from told import Told, final, hear, interim

BEFORE = tuple(
    final(f"Before, number {number}.", 5 * number, 5 * number + 4)
    for number in range(12)
)
END_S = 59


def test_rule_7_times_that_jump_back_go_on_where_the_stream_had_come_to():
    told = hear(*BEFORE, final("After it.", 0, 2), final("And on.", 3, 4))
    assert told.texts[-2:] == ["After it.", "And on."]
    assert [caption.start_s for caption in told.finals[-2:]] == [END_S, END_S + 3]
    assert not any(caption.late for caption in told.finals)


def test_rule_7_the_second_guess_tells_so_too():
    told = hear(
        *BEFORE,
        interim("After", 0, 1),
        interim("After it", 0, 2),
        final("After it.", 0, 2),
    )
    assert told.texts[-1] == "After it."
    assert told.finals[-1].start_s == END_S


def test_rule_7_one_segment_far_behind_is_only_late():
    told = hear(*BEFORE, final("A straggler.", 4.1, 4.9), final("Going on.", 60, 61))
    assert told.texts[-2:] == ["A straggler.", "Going on."]
    assert [caption.late for caption in told.finals[-2:]] == [True, False]
    assert told.finals[-1].start_s == 60


def test_rule_7_so_it_is_when_nothing_follows():
    told = hear(*BEFORE, final("A straggler.", 4.1, 4.9))
    assert told.texts[-1] != "A straggler."
    assert told.silence(15).texts[-1] == "A straggler."
    assert told.finals[-1].late


@given(st.lists(st.sampled_from(BEFORE), max_size=6))
def test_rule_7_what_is_sent_again_never_moves_the_clock(again):
    told = hear(*BEFORE, *again, final("Going on.", 60, 61))
    assert told.texts[-1] == "Going on."
    assert told.finals[-1].start_s == 60
    assert len(told.finals) == len(BEFORE) + 1


@given(st.lists(st.integers(1, 40), min_size=1, max_size=5), st.booleans())
def test_rule_7_the_clock_of_a_stream_never_runs_backwards(lengths, marked):
    told = Told()
    said = 0
    for epoch, length in enumerate(lengths):
        # Without an epoch, a jump back is known by its ten seconds and by what follows.
        for place in range(length if marked else length + 14):
            text = f"This is {said}."
            said += 1
            told.hear(final(text, place, place + 0.9, epoch=epoch if marked else 0))
    told.end()
    assert told.texts == [f"This is {number}." for number in range(said)]
    starts = [caption.start_s for caption in told.finals]
    assert starts == sorted(starts)
