"""Rule 6: what comes out of order."""

from hypothesis import given
from hypothesis import strategies as st
from told import SETTINGS, Told, final, hear

from schemas.captions import CaptionFinal, CaptionUpdated

LATENESS_MS = round(SETTINGS.lateness_s * 1000)

FIRST = final("First.", 0, 1)
DISORDER = (FIRST, final("Third.", 2.4, 3), final("Second.", 1.2, 2))
"""After these it is known that this stream has them out of order."""


def heard(told):
    return [
        (caption.text, caption.start_s, caption.end_s, caption.speaker, caption.late)
        for caption in told.finals
    ]


@st.composite
def finals(draw):
    """Finals of speech in order, some sentences over several, from 10 s on.

    Each begins with a capital: a full stop closes a caption before the next word is
    known, and a small letter there could tell that it did not end the sentence.
    """
    at_s = 10.0
    said = []
    for number in range(draw(st.integers(1, 9))):
        at_s += draw(st.sampled_from([0.0, 0.2, 0.7, 1.5, 4.0]))
        end_s = at_s + draw(st.sampled_from([0.2, 0.6, 1.4, 2.6]))
        text = f"Word {number}" + draw(st.sampled_from([".", "", "?"]))
        speaker = draw(st.sampled_from([None, "Ann", "Bo"]))
        said.append(final(text, round(at_s, 2), round(end_s, 2), speaker=speaker))
        at_s = end_s
    return said


def drive(arrivals):
    """Hear segments at their moments, in milliseconds; then the end."""
    told = hear(*DISORDER)
    for at_ms, segment in arrivals:
        told.hear(segment, after_ms=max(0, 20_000 + at_ms - told.now_ms))
    return told.end()


@given(st.data())
def test_rule_6_any_order_inside_the_lateness_bound_gives_the_same_captions(data):
    said = data.draw(finals())
    delays = data.draw(
        st.lists(
            st.integers(0, LATENESS_MS - 100), min_size=len(said), max_size=len(said)
        )
    )
    in_order = [(round(one.end_s * 1000), one) for one in said]
    arrived = sorted(
        (
            (at_ms + delay, one)
            for (at_ms, one), delay in zip(in_order, delays, strict=True)
        ),
        key=lambda arrival: arrival[0],
    )
    assert heard(drive(arrived)) == heard(drive(in_order))


def test_rule_6_who_spoke_a_sentence_before_breaks_no_later_one():
    """Whether that one has closed already depends on the order."""
    said = [
        final("Zero.", 10.4, 10.6),
        final("One.", 10.8, 11, speaker="Bo"),
        final("Two", 11, 11.2),
        final("Three.", 11.4, 11.6, speaker="Ann"),
        final("Four.", 11.6, 14.2),
    ]
    zero, one, two, *later = [(round(each.end_s * 1000), each) for each in said]
    in_order = drive([zero, one, two, *later])
    late = drive([zero, two, (one[0] + 600, one[1]), *later])
    assert heard(late) == heard(in_order)
    assert "Two Three." in late.texts


@given(st.data())
def test_rule_6_captions_come_in_order_or_are_marked_late(data):
    said = data.draw(finals())
    told = Told()
    for segment in data.draw(st.permutations(said)):
        told.hear(segment, after_ms=data.draw(st.sampled_from([0, 300, 3_000])))
    told.end()
    words = sorted(word for text in told.texts for word in text.split())
    assert words == sorted(word for one in said for word in one.text.split())
    latest_s = 0.0
    for caption in told.finals:
        if not caption.late:
            assert caption.start_s >= latest_s
            latest_s = caption.start_s


def test_rule_6_the_first_that_comes_after_later_speech_is_marked_late():
    told = hear(*DISORDER)
    assert [(caption.text, caption.late) for caption in told.finals] == [
        ("First.", False),
        ("Third.", False),
        ("Second.", True),
    ]


def test_rule_6_from_then_on_a_caption_waits_while_one_may_be_missing():
    told = hear(*DISORDER, final("Sixth.", 4.4, 5))
    assert "Sixth." not in told.texts
    told.hear(final("Fifth.", 3.6, 4.2))
    assert [caption.text for caption in told.finals[3:]] == []
    told.hear(final("Eighth.", 7, 8))
    assert [caption.text for caption in told.finals[3:]] == ["Fifth.", "Sixth."]
    assert not any(caption.late for caption in told.finals[3:])


def test_rule_6_its_words_are_on_the_screen_meanwhile():
    told = hear(*DISORDER, final("Sixth.", 4.4, 5))
    shown = told.messages[-1]
    assert isinstance(shown, CaptionUpdated)
    assert shown.text[: shown.stable] == "Sixth."


def test_rule_6_it_keeps_its_number_when_another_comes_before_it():
    told = hear(*DISORDER, final("Sixth.", 4.4, 5))
    name = told.messages[-1].caption_id
    told.hear(final("Fifth.", 3.6, 4.2)).end()
    sixth = next(caption for caption in told.finals if caption.text == "Sixth.")
    assert sixth.caption_id == name


def test_rule_6_no_caption_waits_longer_than_the_bound():
    told = hear(*DISORDER, final("Sixth.", 4.4, 5))
    told.silence(SETTINGS.lateness_s - 0.1)
    assert "Sixth." not in told.texts
    told.silence(0.1)
    assert "Sixth." in told.texts


def test_rule_6_in_a_stream_that_is_in_order_none_waits():
    told = Told()
    for number in range(6):
        told.hear(final(f"This is {number}.", 2 * number, 2 * number + 1))
        assert isinstance(told.messages[-1], CaptionFinal)
