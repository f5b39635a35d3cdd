from hypothesis import given
from hypothesis import strategies as st

from tests.core.quality.live import final, hear

TEXT = "We should move the boats before the storm."


def on(channel, text, start_s, end_s, **more):
    return final(text, start_s, end_s, channel=channel, **more)


def test_the_same_words_on_another_channel_a_moment_later_are_an_echo():
    told = hear(on("a", TEXT, 10, 13), on("b", TEXT, 10.25, 13.25))
    assert told.flags == [[], ["echo"]]
    assert told.finals[1].flags[0].evidence == (
        "8 of 8 words as in caption 0-0.c0 on channel 'a', 0.25 s after them"
    )


def test_an_echo_is_kept():
    told = hear(on("a", TEXT, 10, 13), on("b", TEXT, 10.25, 13.25))
    assert [caption.text for caption in told.finals] == [TEXT, TEXT]


def test_an_echo_may_have_a_word_that_was_heard_otherwise():
    heard = "We should move the goats before the storm."
    assert hear(on("a", TEXT, 10, 13), on("b", heard, 10.2, 13.2)).flags[1] == ["echo"]


def test_an_echo_may_be_cut_in_other_places():
    told = hear(
        on("a", "We should move the boats.", 10, 12),
        on("a", "Before the storm is here.", 12, 14),
        on("b", "We should move the boats before the storm is here.", 10.3, 14.3),
    )
    assert told.flags == [[], [], ["echo"]]


def test_people_who_speak_at_once_say_other_words():
    other = "I am not so sure about that at all."
    assert hear(on("a", TEXT, 10, 13), on("b", other, 10.2, 13.2)).flags == [[], []]


def test_the_same_words_later_are_an_answer():
    assert hear(on("a", TEXT, 10, 13), on("b", TEXT, 13.1, 16)).flags == [[], []]
    assert hear(on("a", TEXT, 10, 13), on("b", TEXT, 11, 14)).flags == [[], []]


def test_two_people_may_say_yes_at_once():
    assert hear(on("a", "Yes.", 1, 1.4), on("b", "Yes.", 1.1, 1.5)).flags == [[], []]


def test_one_channel_has_no_echo_of_itself():
    assert hear(final(TEXT, 10, 13), final(TEXT, 13.2, 16)).flags == [[], []]


def test_without_times_nothing_is_at_once():
    assert hear(on("a", TEXT, None, None), on("b", TEXT, None, None)).flags == [[], []]


def test_of_two_that_are_the_same_one_is_flagged_and_stays_it_when_either_is_revised():
    told = hear(
        on("a", TEXT, 10, 13, segment_id="x"),
        on("b", TEXT, 10.2, 13.2, segment_id="y"),
        on("a", TEXT.replace("boats", "coats"), 10, 13, segment_id="x"),
        on("b", TEXT.replace("boats", "ships"), 10.2, 13.2, segment_id="y"),
    )
    assert [len(caption.flags) for caption in told.captions] == [0, 1, 0, 1]


WORDS = "move boats storm before harbour evening pier rope sail light".split()
SAID = st.lists(st.sampled_from(WORDS), min_size=3, max_size=12).map(" ".join)


@given(SAID, st.floats(-0.45, 0.45))
def test_an_exact_echo_is_found_on_either_side(said, apart_s):
    told = hear(
        on("a", f"{said}.", 10, 14), on("b", f"{said}.", 10 + apart_s, 14 + apart_s)
    )
    assert [flag for flag in told.flags[1] if flag == "echo"] == ["echo"]
    assert "echo" not in told.flags[0]


@given(SAID, SAID)
def test_words_that_are_not_shared_are_never_called_an_echo(one, other):
    told = hear(on("a", f"{one}.", 10, 14), on("b", f"{other}.", 10.2, 14.2))
    mine = other.split()
    shared = sum(word in one.split() for word in mine)
    if shared < max(3, 0.8 * len(mine)):
        assert "echo" not in told.flags[1]
