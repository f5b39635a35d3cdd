"""How a talk is turned in so many words, and words written apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.topics.topic_talks import captions
from workers.core.topics.announcing import announcement
from workers.core.topics.contractions import rejoined
from workers.core.topics.cues import ANNOUNCES, THANKS, find_cues
from workers.core.topics.hearing import hear
from workers.core.topics.kept.heard import Hearing
from workers.core.topics.kept.opening import NO_OPENING, Opening
from workers.core.topics.utterances import whole


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now let's look at an object", "let's look"),
        ("so now i'm going to show you something", "i'm going to show"),
        ("let me talk a bit about learning", "let me talk"),
        ("we'll now go on to the minister", "we'll now go"),
        ("i now want to return to that idea", "i now want to return"),
        ("we are going to see", "we are going to see"),
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


@given(st.text("letsiw'nogu ,.", max_size=300))
def test_any_text_is_read(text):
    found = announcement(text)
    assert all(word in text for word in found.split())


@pytest.mark.parametrize(
    ("text", "thanks"),
    [
        ("thank you, chair", True),
        ("okay, thanks for that", True),
        ("good morning", True),
        ("good point", False),
        ("good", False),
        ("we thank you", False),
        ("", False),
    ],
)
def test_who_is_given_the_word_says_thanks_first(text, thanks):
    assert bool(find_cues(text, "en")[0] & THANKS) == thanks


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
    assert rejoined(text) == expected


@given(st.text("let s i m don t\u0130", max_size=80))
def test_a_text_stays_as_long_as_it_was(text):
    assert len(rejoined(text)) == len(text)
    assert rejoined(rejoined(text)) == rejoined(text)


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
