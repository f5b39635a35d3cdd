import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.captions import CaptionFinal
from tests.core.quality.live import CaptionRules, final, hear
from workers.core.quality import QualityRules, phrases
from workers.core.quality.hallucinations import NEEDED, judged, known_phrase
from workers.core.quality.invention import Silence

KNOWN = phrases(
    [
        ("en", "credit", ["Subtitles by the Amara.org community", "Captions by …"]),
        ("en", "sign_off", ["Thanks for watching!"]),
        ("en", "everyday", ["Thank you."]),
        ("ja", "sign_off", ["ご視聴ありがとうございました。"]),
    ]
)
RULES = CaptionRules(quality=QualityRules(phrases=KNOWN))
BEFORE = final("So that is how it works.", 0, 3)


def flags(text, start_s, end_s, **more):
    """The flags of a caption after speech that ends at 3 s."""
    return hear(BEFORE, final(text, start_s, end_s, **more), rules=RULES).flags[1]


def caption(text="Thanks for watching!", **more):
    fields = {"stream_id": "s", "caption_id": "0-0.c1", "revision": 0, "stable": 0}
    return CaptionFinal(text=text, **fields, **more)


def verdict(text="Thanks for watching!", silence=None, **more):
    phrase = known_phrase(text, KNOWN)
    return phrase and judged(caption(text, **more), phrase, silence or Silence())


def test_a_known_phrase_after_a_silence_is_flagged_and_kept():
    told = hear(BEFORE, final("Thanks for watching!", 9, 10), rules=RULES)
    assert told.flags == [[], ["hallucination_phrase"]]
    assert told.finals[1].text == "Thanks for watching!"
    assert "6.0 s without words before it" in told.finals[1].flags[0].evidence


def test_a_known_phrase_in_the_flow_of_speech_is_left_alone():
    assert flags("Thanks for watching!", 3.2, 4.2, confidence=0.95) == []
    left = verdict(
        silence=Silence(before_s=0.2), start_s=3.2, end_s=4.2, confidence=0.95
    )
    assert not left.doubtful
    assert left.flag is None
    assert left.evidence == (
        "sign-off of a video (en) left as said: 0.2 s after other words, "
        "confidence 0.95, 3.0 words a second"
    )


def test_low_confidence_is_evidence_by_itself():
    assert flags("Thanks for watching!", 3.2, 4.2, confidence=0.3) != []


def test_words_that_last_longer_than_anybody_speaks_are_evidence_by_themselves():
    assert flags("Thanks for watching!", 3.2, 9.2, confidence=0.9) != []


def test_a_pause_before_and_nothing_after_is_silence_around_it():
    alone = [BEFORE, final("Thanks for watching", 4, 5)]
    followed = [*alone, final("and we go on.", 8, 9)]
    at_once = [*alone, final("and we go on.", 5.9, 7)]
    assert hear(*alone, rules=RULES).wait(20_000).flags[1] != []
    assert hear(*followed, rules=RULES).flags[1] != []
    assert hear(*at_once, rules=RULES).wait(20_000).flags[1] == []


def test_the_first_words_of_a_stream_may_follow_anything():
    assert hear(final("Thanks for watching!", 60, 61), rules=RULES).flags == [[]]


def test_silence_on_one_channel_is_none_on_another():
    left = final("So that is how it works.", 0, 3, channel="left")
    right = final("And now?", 8, 8.9, channel="right")
    told = hear(
        left, right, final("Thanks for watching!", 9, 10, channel="left"), rules=RULES
    )
    assert told.flags[2] != []
    told = hear(
        left, right, final("Thanks for watching!", 9, 10, channel="right"), rules=RULES
    )
    assert told.flags[2] == []


def test_what_people_say_all_day_needs_two_pieces_of_evidence():
    assert flags("Thank you.", 9, 10) == []
    assert flags("Thank you.", 9, 10, confidence=0.3) != []
    assert "only 6.0 s without words" in (
        verdict("Thank you.", silence=Silence(before_s=6.0)).evidence
    )


def test_the_phrase_must_be_the_whole_caption():
    assert flags("Thanks for watching the boats with us!", 9, 11) == []


def test_credits_that_end_in_a_name_are_known_by_their_beginning():
    assert flags("Captions by J. Doe", 9, 11, end_of_utterance=True) != []


@pytest.mark.parametrize(
    "text", ["THANKS, FOR WATCHING", "thanks for watching...", "Thanks  for watching 2"]
)
def test_case_spaces_digits_and_punctuation_make_no_difference(text):
    assert verdict(text, silence=Silence(before_s=9.0)).doubtful


def test_scripts_without_spaces_are_compared_by_their_letters():
    assert verdict(
        "ご視聴、ありがとうございました", silence=Silence(before_s=9.0)
    ).doubtful


@given(
    st.sampled_from(["Thanks for watching!", "Thank you.", "Captions by Ann"]),
    st.none() | st.floats(0, 60),
    st.none() | st.floats(0, 60),
    st.none() | st.floats(0, 60),
    st.none() | st.floats(0, 1),
    st.none() | st.floats(0, 60),
)
def test_without_evidence_no_phrase_is_doubted(
    text, before_s, after_s, held_s, confidence, lasts_s
):
    found = verdict(
        text,
        Silence(before_s=before_s, after_s=after_s, held_s=held_s),
        confidence=confidence,
        start_s=None if lasts_s is None else 0.0,
        end_s=lasts_s,
    )
    kind = KNOWN.whole.get("thankyou").kind if text == "Thank you." else "sign_off"
    evidence = sum(
        [
            before_s is not None and before_s >= 0.8,
            confidence is not None and confidence < 0.5,
            lasts_s is not None and lasts_s >= 3,
        ]
    )
    if evidence < NEEDED[kind]:
        assert not found.doubtful
    if confidence is not None and confidence < 0.5 and kind == "sign_off":
        assert found.doubtful
    assert found.evidence


def test_a_text_that_is_not_known_is_none_of_our_business():
    assert verdict("The harbour was full of boats.") is None
    assert verdict("2024!") is None
