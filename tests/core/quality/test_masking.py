import re

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.captions import CaptionRevised
from schemas.segment import Word
from tests.core.quality.live import final, hear, interim, masking
from workers.core.quality import mask_for
from workers.core.quality.masking import hide, unsettled

MASK = mask_for(["damn", "blast*", "Bloody", "馬鹿", "馬鹿野郎"])
RULES = masking("damn", "blast*", "Bloody", "馬鹿", "馬鹿野郎")


def shown(text):
    return hide(text, MASK)[0]


def test_nothing_is_masked_unless_it_is_asked_for():
    told = hear(final("Damn it.", 0, 1))
    assert told.finals[0].text == "Damn it."
    assert told.finals[0].unmasked_text is None
    assert told.flags == [[]]


def test_a_word_is_masked_and_what_was_said_is_kept():
    told = hear(final("Well, damn it.", 0, 1), rules=RULES)
    assert told.finals[0].text == "Well, d*** it."
    assert told.finals[0].unmasked_text == "Well, damn it."
    assert told.flags == [["profanity"]]
    assert "damn" not in told.finals[0].flags[0].evidence


def test_case_and_punctuation_make_no_difference():
    assert shown("DAMN! (bloody) damn's") == "D***! (b*****) d***'s"


def test_only_whole_words_are_masked():
    assert shown("Damnation, adamnt") == "Damnation, adamnt"


def test_a_star_stands_for_all_that_begins_so():
    assert shown("blast blasted Blasting a sandblaster") == (
        "b**** b****** B******* a sandblaster"
    )


def test_scripts_without_spaces_are_looked_through():
    assert shown("この馬鹿野郎が馬鹿。") == "この馬***が馬*。"


def test_times_of_words_stay_with_their_words():
    words = tuple(
        Word(text=text, start_s=at, end_s=at + 0.5)
        for at, text in enumerate(["Well,", "damn", "it."])
    )
    told = hear(final("Well, damn it.", 0, 3, words=words), rules=RULES)
    assert [word.text for word in told.finals[0].words] == ["Well,", "d***", "it."]
    assert [word.start_s for word in told.finals[0].words] == [0, 1, 2]


def test_the_evidence_of_other_flags_is_masked_too():
    told = hear(final("damn " * 6, 0, 3), rules=RULES).end()
    assert told.flags == [["repetition_loop", "profanity"]]
    assert told.finals[0].flags[0].evidence == "6 x 'd***'"


def test_cues_are_cut_from_what_may_be_shown():
    told = hear(final("Well, damn it.", 0, 1), rules=RULES)
    assert [cue.lines for cue in told.cues] == [("Well, d*** it.",)]


def test_a_revised_caption_is_masked_again():
    told = hear(
        final("Well, dam it.", 0, 1, segment_id="a"),
        final("Well, damn it.", 0, 1, segment_id="a"),
        rules=RULES,
    )
    assert told.of(CaptionRevised)[0].text == "Well, d*** it."
    assert told.of(CaptionRevised)[0].unmasked_text == "Well, damn it."


def test_a_word_that_may_still_become_a_masked_one_is_not_stable():
    assert unsettled("say da", MASK) == 4
    assert unsettled("say damn", MASK) == 4
    assert unsettled("say dab", MASK) == 7
    assert unsettled("say damn,", MASK) == 9
    assert unsettled("この馬鹿", MASK) == 2
    assert unsettled("この馬鹿な", MASK) == 5


def test_what_is_no_single_word_cannot_be_masked():
    for entry in ("two words", "", "*", "a-b", "a*b"):
        with pytest.raises(ValueError, match=re.escape(repr(entry))):
            mask_for(["fine", entry])


def test_no_words_are_no_mask():
    assert mask_for([]) is None


SPOKEN = st.lists(
    st.sampled_from(
        "damn dam damnation da blast blasting last bloody, Bloody. it 馬鹿 馬 鹿野郎 は"
        " l'damn 馬鹿damn naïve".split()
    ),
    min_size=1,
    max_size=10,
)


@given(st.text(max_size=80) | SPOKEN.map(" ".join) | SPOKEN.map("".join))
def test_a_mask_never_moves_anything(text):
    hidden, count = hide(text, MASK)
    assert len(hidden) == len(text)
    assert all(new in (old, "*") for new, old in zip(hidden, text, strict=True))
    assert (hidden != text) <= (count > 0)


@given(st.text(alphabet="dam n,bls馬鹿野郎", max_size=12), st.text(max_size=6))
def test_what_is_settled_looks_the_same_whatever_follows(text, more):
    until = unsettled(text, MASK)
    assert shown(text + more)[:until] == shown(text)[:until]


@given(st.text(alphabet="dam n,bls馬鹿野郎", max_size=12), st.text(max_size=6))
def test_what_is_settled_once_stays_settled(text, more):
    assert unsettled(text + more, MASK) >= unsettled(text, MASK)


@given(SPOKEN, st.lists(st.integers(1, 10), max_size=6), st.booleans())
@settings(max_examples=150)
def test_masking_keeps_the_display_contract(words, sizes, spaced):
    """A growing caption: what was called stable is the start of all that follow."""
    glue = " " if spaced else ""
    segments = [
        interim(glue.join(words[:size]), 0, 0.4 * min(size, len(words)))
        for size in sorted(sizes)
    ]
    segments.append(final(glue.join(words), 0, 0.4 * len(words)))
    told = hear(*segments, rules=RULES).end()
    plain = hear(*segments).end()
    before = {}
    for caption, original in zip(told.captions, plain.captions, strict=True):
        assert len(caption.text) == len(original.text)
        assert caption.unmasked_text in (None, original.text)
        assert caption.stable <= original.stable
        assert shown(original.text) == caption.text
        stable = before.get(caption.caption_id, "")
        if not isinstance(caption, CaptionRevised):
            assert caption.text.startswith(stable)
            assert len(stable) <= caption.stable
        before[caption.caption_id] = caption.text[: caption.stable]
    for caption in told.finals:
        assert caption.stable == len(caption.text)
        assert not regex.search(r"(?i)\b(damn|bloody)\b", caption.text)


def test_what_a_person_writes_is_masked_too():
    told = hear(final("Well, dam it.", 0, 1, confidence=0.4), rules=RULES)
    told.correct(0, "Well, damn it.")
    assert told.captions[-1].text == "Well, d*** it."
    assert told.captions[-1].unmasked_text == "Well, damn it."
    assert told.captions[-1].confidence is None
    assert [cue.lines for cue in told.cues][-1] == ("Well, d*** it.",)
