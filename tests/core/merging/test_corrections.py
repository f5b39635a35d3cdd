"""A person's correction: it stands, and it changes nothing else."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_properties import ANY_SEGMENT, recognised, talks
from told import SETTINGS, Told, final, hear, interim

from schemas.captions import CaptionRevised
from workers.core.merging import MergeState

TEXTS = st.sampled_from(
    ["A person's words.", "Fifty boats!", "naïve 今日は", "Two  lines\nof it", "x"]
)


def outcome(told):
    """Return what became of the last correction or segment."""
    return (told.outcomes + [refused.reason for refused in told.refused])[-1]


def boats():
    """Two captions of one segment, and the next one still open."""
    return hear(
        final("Fifteen boats came in. They were late.", 0, 4, segment_id="a"),
        interim("and then", 5, 6, segment_id="b"),
    )


@st.composite
def talks_with_a_closed_caption(draw):
    segments = draw(recognised(draw(talks())))
    told = Told()
    for place, segment in enumerate(segments):
        told.hear(segment)
        if told.state.closed and draw(st.booleans()):
            number = draw(st.sampled_from([one.number for one in told.state.closed]))
            return told, number, segments[place + 1 :], segments
    return told.hear(final("The end.", 900, 901)), 0, [], segments


CORRECTABLE = talks_with_a_closed_caption().filter(
    lambda drawn: any(one.number == drawn[1] for one in drawn[0].state.closed)
)


@given(CORRECTABLE, TEXTS, st.lists(ANY_SEGMENT, max_size=10))
@settings(deadline=None)
def test_a_corrected_caption_keeps_the_persons_words_whatever_comes(
    drawn, text, hostile
):
    told, number, later, earlier = drawn
    told.correct(number, text)
    for segment in [*later, *earlier, *hostile]:
        told.hear(segment)
    told.end()
    assert told.screen[f"0-0.c{number}"].text == " ".join(text.split())


@given(CORRECTABLE, TEXTS)
def test_all_other_captions_are_as_without_the_correction(drawn, text):
    told, number, later, earlier = drawn
    other = Told(state=told.state, now_ms=told.now_ms, screen=dict(told.screen))
    other.correct(number, text)
    heard = len(told.messages), len(other.messages)
    for segment in [*later, *earlier]:
        told.hear(segment)
        other.hear(segment)
    mine = f"0-0.c{number}"
    assert [m for m in told.messages[heard[0] :] if m.caption_id != mine] == [
        m for m in other.messages[heard[1] :] if m.caption_id != mine
    ]


@given(CORRECTABLE, TEXTS)
def test_the_same_correction_again_changes_nothing(drawn, text):
    told, number, *_ = drawn
    told.correct(number, text, at_s=5)
    before, messages = told.state, len(told.messages)
    told.correct(number, text, at_s=5).correct(number, text, at_s=3)
    assert told.state == before
    assert len(told.messages) == messages
    assert told.outcomes[-2:] == ["duplicate", "duplicate"]


@given(CORRECTABLE, st.permutations([(TEXT, at) for at, TEXT in enumerate("abcd")]))
def test_of_several_corrections_the_one_made_last_stands_in_whatever_order_they_come(
    drawn, corrections
):
    told, number, *_ = drawn
    for text, at_s in corrections:
        told.correct(number, text, at_s)
    assert told.screen[f"0-0.c{number}"].text == "d"


@given(CORRECTABLE, TEXTS)
def test_dump_and_restore_after_a_correction_changes_nothing(drawn, text):
    told, number, later, earlier = drawn
    told.correct(number, text)
    again = Told(
        state=msgspec.json.decode(msgspec.json.encode(told.state), type=MergeState),
        now_ms=told.now_ms,
        screen=dict(told.screen),
    )
    heard = len(told.messages)
    for segment in [*later, *earlier]:
        told.hear(segment)
        again.hear(segment)
    assert again.messages == told.messages[heard:]
    assert msgspec.json.encode(again.state) == msgspec.json.encode(told.state)


@given(
    st.lists(ANY_SEGMENT, max_size=40),
    st.sampled_from(["x" * 600, "語" * 600, '"\\' * 300, "a b"]),
)
@settings(max_examples=40, deadline=None)
def test_state_is_bounded_though_every_caption_is_corrected(segments, text):
    told = Told()
    for segment in segments:
        told.hear(segment)
        for number in [one.number for one in told.state.closed]:
            told.correct(number, text)
        assert len(msgspec.json.encode(told.state)) <= 64 * 1024


def test_a_correction_revises_the_caption_for_good():
    told = boats().correct(0, " Fifty  boats came in. ")
    message = told.messages[-1]
    assert isinstance(message, CaptionRevised)
    assert (message.text, message.stable) == ("Fifty boats came in.", 20)
    assert (message.final, message.reason) == (True, "corrected")
    assert (message.start_s, message.words) == (0, None)
    assert outcome(told) == "corrected"


def test_a_later_final_for_a_corrected_caption_is_refused_with_its_words():
    told = boats().correct(0, "Fifty boats came in.")
    again = final("Fifteen goats came in. They were late.", 0, 4, segment_id="a")
    assert told.hear(again).texts == ["Fifty boats came in.", "They were late."]
    refused = told.refused[-1]
    assert refused.reason == "corrected_before"
    assert refused.evidence == "Fifteen goats came in."
    assert "revised" not in told.outcomes
    # Sent once more it says nothing new, to whoever counts too.
    told.hear(again)
    assert told.outcomes[-1] == "duplicate"
    assert len(told.refused) == 1


def test_the_rest_of_a_final_still_revises_captions_that_nobody_corrected():
    told = boats().correct(0, "Fifty boats came in.")
    told.hear(final("Fifteen goats came in. They were early.", 0, 4, segment_id="a"))
    assert told.texts == ["Fifty boats came in.", "They were early."]
    assert told.outcomes[-1] == "revised"
    assert told.refused[-1].evidence == "Fifteen goats came in."


def test_a_later_final_that_agrees_with_the_person_is_a_duplicate():
    told = boats().correct(0, "Fifty boats came in.")
    told.hear(final("Fifty boats came in. They were late.", 0, 4, segment_id="a"))
    assert told.outcomes[-1] == "duplicate"
    assert not told.refused


def test_a_late_final_for_a_promoted_caption_does_not_say_it_a_second_time():
    told = hear(interim("fifteen boats came", 0, 3)).silence()
    assert told.finals[0].uncertain
    told.correct(0, "Fifty boats came.")
    assert not told.messages[-1].uncertain
    told.hear(final("Fifteen goats came.", 0, 3))
    assert told.texts == ["Fifty boats came."]
    assert outcome(told) == "corrected_before"


def test_a_window_that_rolls_over_a_corrected_caption_is_joined_as_ever():
    told = hear(final("Fifteen boats came in.", 0, 4))
    told.correct(0, "Fifty boats came in.")
    told.hear(final("boats came in. They were late.", 1, 6))
    assert told.texts == ["Fifty boats came in.", "They were late."]


def test_a_final_that_leaves_a_corrected_caption_without_words_leaves_it_standing():
    told = boats().correct(0, "Fifty boats came in.")
    told.hear(final("They were late.", 0, 4, segment_id="a"))
    assert told.texts[0] == "Fifty boats came in."


def test_a_correction_to_the_same_words_keeps_them_from_change():
    told = boats()
    messages = len(told.messages)
    told.correct(0, "Fifteen boats came in.")
    assert outcome(told) == "confirmed"
    assert len(told.messages) == messages
    told.hear(final("Fifteen goats came in. They were late.", 0, 4, segment_id="a"))
    assert told.texts[0] == "Fifteen boats came in."


@pytest.mark.parametrize(
    ("number", "text", "life", "reason"),
    [
        (2, "And then.", "0-0", "not_final"),
        (3, "Nothing yet.", "0-0", "unknown_caption"),
        (0, "Of another life.", "0-7", "unknown_caption"),
        ("zero", "No number.", "0-0", "unknown_caption"),
        (0, " \n", "0-0", "empty_text"),
        (0, "x" * 601, "0-0", "too_long"),
    ],
)
def test_a_correction_that_cannot_be_used_is_refused_and_changes_nothing(
    number, text, life, reason
):
    told = boats()
    before = told.state
    told.correct(number, text, life=life)
    assert told.refused[-1].reason == reason
    assert told.refused[-1].evidence == text
    assert text.strip() == "" or text not in told.refused[-1].error
    assert told.state == before


def test_a_correction_made_before_the_one_that_stands_is_refused():
    told = boats().correct(0, "Fifty boats.", at_s=10)
    told.correct(0, "Sixty boats.", at_s=9).correct(0, "Seventy boats.", at_s=10)
    assert [refused.reason for refused in told.refused] == ["older_correction"] * 2
    assert told.correct(0, "Eighty boats.", at_s=11).texts[0] == "Eighty boats."


def test_a_person_who_confirms_a_correction_later_stands_by_it():
    told = boats().correct(0, "Fifty boats.", at_s=1).correct(0, "Fifty boats.", at_s=9)
    told.correct(0, "Sixty boats.", at_s=5)
    assert told.refused[-1].reason == "older_correction"


def test_a_caption_that_is_no_longer_kept_is_too_late_to_correct():
    told = Told()
    for number in range(SETTINGS.kept + 1):
        told.hear(final(f"Sentence {number}.", number, number + 0.9))
    assert told.correct(0, "Too late.").refused[-1].reason == "too_late"
    assert told.correct(1, "In time.").texts[1] == "In time."
