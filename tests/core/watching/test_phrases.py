"""Phrases found in texts, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.core.watching.phrases import MAX_WORDS, Phrases

WORDS = st.sampled_from(("the", "cat", "cats", "Cat", "sat", "can't", "é", "3"))
GAPS = st.sampled_from((" ", ", ", "  ", " — ", "\n"))
PHRASES = st.lists(
    st.lists(WORDS, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=4
)


def found(phrases, text):
    return [(one.start, one.end, one.name) for one in Phrases(phrases).find(text)]


def said(phrases, text):
    return [text[start:end] for start, end, _ in found(phrases, text)]


@given(PHRASES, st.lists(WORDS, max_size=20), st.data())
def test_a_phrase_is_found_wherever_its_words_stand_in_a_row(phrases, words, data):
    text, starts, ends = "", [], []
    for word in words:
        text += data.draw(GAPS) if text else ""
        starts.append(len(text))
        text += word
        ends.append(len(text))
    folded = [word.casefold() for word in words]
    expected = []
    for at in range(len(words)):
        fits = [
            len(phrase.split())
            for phrase in phrases
            if folded[at : at + len(phrase.split())] == phrase.casefold().split()
        ]
        if fits:
            expected.append((starts[at], ends[at + max(fits) - 1], "x"))
    assert found({"x": phrases}, text) == expected


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("acme corp", "ACME, Corp. is here", ["ACME, Corp"]),
        ("acme", "acmes and placme", []),
        ("refund*", "Refunds, refunding, a refund", ["Refunds", "refunding", "refund"]),
        ("credit* card", "his credits card", ["credits card"]),
        ("can't", "You can’t say", ["can’t"]),
        ("straße", "Die STRASSE dort", ["STRASSE"]),
        ("预算", "我们讨论一下预算问题", ["预算"]),
        ("कार", "यह कार है", ["कार"]),
        ("c++", "We use C and C++", ["C", "C"]),
    ],
)
def test_phrases_stand_in_any_case_script_and_punctuation(phrase, text, expected):
    assert said({"x": [phrase]}, text) == expected


def test_of_one_name_the_longest_phrase_counts_and_names_do_not_mind_each_other():
    phrases = {"city": ["new york", "new york city"], "new": ["new"]}
    told = sorted(found(phrases, "New York City"))
    assert told == [(0, 3, "new"), (0, 13, "city")]


@pytest.mark.parametrize("phrase", ["", "…", " ".join("a" * (MAX_WORDS + 1))])
def test_a_phrase_without_words_or_with_too_many_is_refused(phrase):
    with pytest.raises(ValueError, match="1 to 8 words"):
        Phrases({"x": [phrase]})
