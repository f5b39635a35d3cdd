"""How a finished recording is cut anew: rules, each by an example."""

from itertools import pairwise

import pytest

from schemas.captions import CaptionFinal
from schemas.segment import Word
from tests.core.cues.cue_histories import final, run, why
from workers.core.cues import PROFILES, WEB, Profile
from workers.core.cues.reflow import reflow
from workers.core.cues.reflow.timing import Wanted, shown_spans
from workers.core.cues.timing import Span

NETFLIX = PROFILES["netflix"]
BOTH = Profile(
    name="both",
    max_chars=42,
    max_lines=2,
    max_cps=20.0,
    min_duration_s=5 / 6,
    max_duration_s=7.0,
    speakers="together",
)


def said(*lines, speaker="Ada"):
    """Make captions of ``(text, start_s, end_s)``, perhaps with who says it."""
    return [
        final(
            text,
            start_s=start_s,
            end_s=end_s,
            number=number,
            speaker=who[0] if who else speaker,
        )
        for number, (text, start_s, end_s, *who) in enumerate(lines)
    ]


def untimed(text, number):
    return CaptionFinal(
        stream_id="s",
        caption_id=f"0-7.c{number}",
        revision=0,
        text=text,
        stable=len(text),
        speaker="Ada",
    )


def lines(cues):
    return [cue.lines for cue in cues]


def test_a_short_answer_and_the_sentence_after_it_are_one_cue():
    captions = said(
        ("Exactly.", 0.0, 0.4), ("It's a ring of prisms, taller than I am.", 0.5, 3.0)
    )
    assert [cue.lines for _, (cue,) in [run(captions[:1], WEB)]] == [("Exactly.",)]
    (cue,) = reflow(captions, WEB)
    assert cue.lines == ("Exactly. It's a ring of prisms,", "taller than I am.")
    assert cue.caption_ids == ("0-7.c0", "0-7.c1")
    assert cue.compliance == ()


def test_another_speaker_another_cue():
    captions = said(("Yes.", 0.0, 0.3, "Ada"), ("No.", 0.4, 0.7, "Bo"))
    assert [cue.speaker for cue in reflow(captions, WEB)] == ["Ada", "Bo"]


def test_a_long_silence_parts_cues_of_one_speaker():
    captions = said(("Yes.", 0.0, 1.0), ("And then?", 3.5, 4.5))
    assert lines(reflow(captions, WEB)) == [("Yes.",), ("And then?",)]


def test_a_cue_ends_with_its_sentence_rather_than_inside_the_next_one():
    captions = said(
        ("The old motor makes a full turn every thirty seconds.", 0.0, 4.0),
        ("From the sea that gives you three white flashes.", 4.0, 7.5),
    )
    first, second = reflow(captions, WEB)
    assert first.lines[-1].endswith("seconds.")
    assert second.lines[0].startswith("From")


def test_a_cue_stays_into_the_silence_after_it_until_it_can_be_read():
    captions = said(
        ("This was said faster than it can be read.", 0.0, 1.0), ("Yes.", 6.0, 7.0)
    )
    cue = reflow(captions, WEB)[0]
    assert cue.end_s == pytest.approx(41 / 20)
    assert cue.compliance == ()


def test_the_last_cue_of_a_recording_has_all_the_time_it_needs():
    (cue,) = reflow(said(("Yes.", 3.0, 3.2)), WEB)
    assert (cue.start_s, cue.end_s) == (3.0, pytest.approx(3.2 + 0.633, abs=0.001))


def test_a_short_pause_is_not_filled_where_the_cue_would_last_too_long():
    wanted = [Wanted(Span(0.0, 14.9), 3.0), Wanted(Span(15.3, 17.0), 1.0)]
    assert shown_spans(wanted, PROFILES["bbc"])[0] == Span(0.0, 14.9)
    wanted = [Wanted(Span(0.0, 14.6), 3.0), Wanted(Span(15.0, 17.0), 1.0)]
    assert shown_spans(wanted, PROFILES["bbc"])[0] == Span(0.0, 15.0)


def test_what_a_short_cue_lacks_is_taken_from_the_silence_before_it():
    captions = said(
        ("We asked him.", 0.0, 2.0, "Ada"),
        ("Yes.", 4.0, 4.3, "Bo"),
        ("And that was all he said.", 4.5, 6.5, "Ada"),
    )
    cue = reflow(captions, WEB)[1]
    assert cue.end_s == 4.5
    assert cue.start_s == pytest.approx(4.5 - 5 / 6, abs=0.001)
    assert cue.compliance == ()


def test_a_cue_is_never_more_than_half_a_second_before_its_words():
    captions = said(
        ("We asked him.", 0.0, 2.0, "Ada"),
        ("Yes.", 4.0, 4.1, "Bo"),
        ("And that was all he said.", 4.1, 6.5, "Ada"),
    )
    cue = reflow(
        captions,
        Profile(name="x", max_chars=42, max_lines=2, min_duration_s=3.0),
    )[1]
    assert cue.start_s == 3.5
    assert why(cue) == {"min_duration_s": "other_cue"}


def test_speech_that_is_too_fast_is_named_as_such():
    words = tuple(
        Word(text=f"word{n}", start_s=n * 0.1, end_s=n * 0.1 + 0.1) for n in range(60)
    )
    text = " ".join(word.text for word in words)
    cues = reflow([final(text, end_s=6.0, words=words)], WEB)
    assert [why(cue) for cue in cues[:-1]] == [{"max_cps": "fast_speech"}] * (
        len(cues) - 1
    )


def test_two_voices_at_once_are_shown_one_after_the_other():
    captions = said(
        ("So the ferry leaves at nine in the morning.", 0.0, 4.0, "Ada"),
        ("Does it?", 2.0, 2.5, "Bo"),
        ("It does.", 4.2, 5.0, "Ada"),
    )
    cues = reflow(captions, NETFLIX)
    assert [cue.speaker for cue in cues] == ["Ada", "Bo", "Ada"]
    assert cues[1].start_s == pytest.approx(4.0, abs=0.1)
    for before, after in pairwise(cues):
        assert after.start_s - before.end_s >= 2 / 24 - 0.002


def test_no_cue_waits_more_than_two_seconds_for_another_voice():
    spoken = [Span(0.0, 6.0), Span(1.0, 2.0)]
    first, second = shown_spans([Wanted(one, 0.5) for one in spoken], WEB)
    assert second.start_s == 3.0
    assert first.end_s == 3.0


def test_short_lines_of_two_speakers_share_a_cue_where_the_profile_says_so():
    captions = said(
        ("Who is there?", 0.0, 0.5, "Ada"),
        ("It's me.", 0.6, 1.0, "Bo"),
        ("Come in, the door is open.", 1.1, 3.0, "Ada"),
    )
    assert len(reflow(captions, WEB)) == 3
    first, second = reflow(captions, BOTH)
    assert first.lines == ("Who is there?", "It's me.")
    assert (first.speaker, first.line_speakers) == (None, ("Ada", "Bo"))
    assert first.caption_ids == ("0-7.c0", "0-7.c1")
    assert second.speaker == "Ada"


def test_speakers_with_time_enough_keep_their_own_cues():
    captions = said(("Who is there?", 0.0, 1.5, "Ada"), ("It's me.", 1.6, 3.0, "Bo"))
    assert len(reflow(captions, BOTH)) == 2


def test_captions_without_times_keep_their_place_and_have_none():
    captions = [
        *said(("One.", 0.0, 1.0)),
        untimed("Two.", 1),
        final("Three.", number=2, start_s=2.0, end_s=3.0),
    ]
    cues = reflow(captions, WEB)
    assert lines(cues) == [("One.",), ("Two.",), ("Three.",)]
    assert cues[1].start_s is None
    assert why(cues[1]) == {"times": "no_times"}


def test_nobody_s_own_words_change_their_order_however_wrong_their_times_are():
    captions = [
        *said(("It went on. " * 20, 0.0, 50.0)),
        untimed("No.", 1),
        final("Yes.", number=2, start_s=25.0, end_s=27.0, speaker="Ada"),
    ]
    assert lines(reflow(captions, WEB))[-2:] == [("No.",), ("Yes.",)]


def test_chinese_captions_of_one_speaker_are_joined_without_a_space():
    captions = said(("我们去看花。", 0.0, 1.0), ("明天去。", 1.1, 2.0))
    (cue,) = reflow(captions, Profile(name="one", max_chars=42, max_lines=1))
    assert cue.lines == ("我们去看花。明天去。",)


def test_no_captions_are_no_cues():
    assert reflow([], WEB) == []
    assert reflow([final(" \n")], WEB) == []
