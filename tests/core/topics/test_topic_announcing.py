"""How a talk is turned in so many words, and words written apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.topics.topic_talks import LIFE, captions, plain_model
from workers.core.topics import TopicState, step
from workers.core.topics.announcing import announcement
from workers.core.topics.contractions import rejoined
from workers.core.topics.cues import ANNOUNCES, MAX_QUOTE, THANKS, find_cues
from workers.core.topics.hearing import hear
from workers.core.topics.intake import reword
from workers.core.topics.kept.heard import Hearing
from workers.core.topics.kept.opening import NO_OPENING, Opening
from workers.core.topics.kept.utterance import Utterance
from workers.core.topics.utterances import whole

MODEL = plain_model()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now let's look at an object", "let's look"),
        ("so now i'm going to show you something", "i'm going to show"),
        ("let me talk a bit about learning", "let me talk"),
        ("we'll now go on to the minister", "we'll now go"),
        ("i now want to return to that idea", "i now want to return"),
        ("we are going to see", "we are going to see"),
        ("we are now going to look at it", "we are now going to look"),
        ("we now are also going to see", "we now are also going to see"),
        ("i am just going to show you", "i am just going to show"),
        ("\u2014 let's look", "let's look"),
        (">> now let's go on", "let's go"),
        ("okay, moving on.", "moving on"),
        ("well, one more question", "more question"),
        ("and the last important point is", "last point"),
        ("that is what we did last time", "last time"),
        ("so now, the tide", "now"),
        ("my name is", "name is"),
    ],
)
def test_an_announcement_is_told_in_its_words(text, expected):
    assert announcement(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "so",
        "let's",
        "i will",
        "i think so",
        "we have a lot of that",
        "the last of the mohicans",
        "they turn to look",
        "it is now over",
        "another big of the",
    ],
)
def test_what_announces_nothing(text):
    assert announcement(text) == ""


WORDS = (
    "so now let's we i are am now just also going to look back talk moving on the last"
    " next other big point question this week is , . > \u2014".split()
)


@given(st.lists(st.sampled_from(WORDS), max_size=50).map(" ".join))
def test_any_text_is_read_and_quoted_in_its_order(text):
    found = announcement(text).split()
    said = iter(word for word in text.split() if word.isalpha() or "'" in word)
    assert all(word in said for word in found)


@pytest.mark.parametrize(
    ("text", "thanks"),
    [
        ("thank you, chair", True),
        ("okay, thanks for that", True),
        ("- thank you", True),
        ("\u201cthank you, chair", True),
        ("good morning", True),
        ("good point", False),
        ("good", False),
        ("we thank you", False),
        ("", False),
    ],
)
def test_who_is_given_the_word_says_thanks_first(text, thanks):
    assert bool(find_cues(text, "en")[0] & THANKS) == thanks


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("so now the tide turns", ""),
        ("now let's talk about it", "let's talk"),
        ("i am now also going to introduce you", "i am now also going to"),
    ],
)
def test_an_announcement_is_quoted_in_whole_words_if_it_tells_something(text, quote):
    bits, told = find_cues(text, "en")
    assert bits & ANNOUNCES
    assert told == quote
    assert len(told) <= MAX_QUOTE


def test_other_languages_announce_nothing():
    assert not find_cues("let me talk", "fr")[0] & (ANNOUNCES | THANKS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("let s go", "let's go"),
        ("I m sure it doesn t matter", "I'm sure it doesn't matter"),
        ("we ll see what they ve got", "we'll see what they've got"),
        ("plan s d", "plan s d"),
        ("the don t", "the don't"),
        ("it's", "it's"),
        ("item s", "item s"),
    ],
)
def test_contractions_that_were_written_apart_are_one_word(text, expected):
    assert rejoined(text, "en") == expected


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("I s tebou bylo dobře", "cs"),
        ("tři s nimi a muži s nimi", "cs"),
        ("your I D card and the I M F", "en"),
        ("je t aime", "fr"),
    ],
)
def test_what_is_no_contraction_stays_apart(text, tag):
    assert rejoined(text, tag) == text


@given(st.text("let s i m don t\u0130", max_size=80))
def test_a_text_stays_as_long_as_it_was(text):
    assert len(rejoined(text, "en")) == len(text)
    assert rejoined(rejoined(text, "en"), "en") == rejoined(text, "en")


def test_a_sentence_has_its_contractions_in_one_over_captions_too():
    (one,) = captions(["so let s go"])
    assert whole(one, 0).text == "so let's go"
    assert Utterance(("so let", "s go on"), (1, 2)).text == "so let's go on"


def test_a_caption_with_other_words_announces_what_those_do():
    state = TopicState(stream_id="talk", life=LIFE)
    texts = ("the tide is out today", "we sail on the tide", "and it rains a lot")
    for event in captions(texts):
        state, _ = step(state, event, MODEL)
    assert [one.announces > 0 for one in state.openings] == [True, False, False]
    events = captions(["the tide is out", "now let's look at the tide"])
    for event in events:
        state = reword(state, event.caption_id, event, MODEL)
    assert [one.announces > 0 for one in state.openings] == [False, True, False]
    state = reword(state, events[1].caption_id, None, MODEL)
    assert not any(one.announces for one in state.openings)


def test_what_is_announced_all_the_time_tells_less():
    hearing, heard = Hearing(), []
    said = [whole(one, 0) for one in captions(["x"] * 60)]
    for index, one in enumerate(said):
        opening = Opening(None, ANNOUNCES, "", 1, (0.0, 0.0, 0.0))
        if index % 2:
            opening = NO_OPENING
        hearing, opening = hear(hearing, one, index, opening)
        heard.append(opening.announces)
    assert hearing.announced == 30
    assert not any(heard[1::2])
    assert heard[::2] == sorted(heard[::2], reverse=True)
    assert heard[0] > 2 * heard[-2] > 0
