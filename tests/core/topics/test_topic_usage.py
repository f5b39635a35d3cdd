"""Which words may name a topic where they are said, and how they are written then."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.topics.topic_talks import TEXTS, PlainLanguage
from workers.core.topics.counts import add_sentences
from workers.core.topics.kept.counted import Counts
from workers.core.topics.kept.sentence import Sentence
from workers.core.topics.labels import rank
from workers.core.topics.lexicon import MAX_SENTENCE_BYTES, Lexicon
from workers.core.topics.usage import may_name, name_key
from workers.core.topics.words import plain, words

LEXICON = Lexicon(PlainLanguage())


def kept(text, language="en"):
    return LEXICON.keep(text, language)[0]


def named(*texts, language="en"):
    """Return what a topic of these sentences would be called by."""
    sentences = [
        Sentence(number, kept(text, language), language)
        for number, text in enumerate(texts)
    ]
    ranked = rank(add_sentences(Counts(), sentences, LEXICON), {}, 0)
    return [one.phrase for one in ranked]


@pytest.mark.parametrize(
    "text",
    [
        "they anchor the boat",
        "we anchor here",
        "she would anchor it",
        "it is hard to anchor",
        "Divers anchor the boat",
        "it was anchored and the rope held",
        "they turned anchorly away",
    ],
)
def test_what_is_done_names_nothing(text):
    assert "anchor" not in " ".join(named(text, text))


@pytest.mark.parametrize(
    "text",
    [
        "the anchor held",
        "an old anchor",
        "anchors hold a boat",
        "at anchor the boat is quiet",
        "we need to anchors turn",
        "We like the anchor, it holds",
        "of rope and anchor.",
        "Anchor: the oldest one",
    ],
)
def test_what_is_something_does(text):
    said = " ".join(named(text, text)).split()
    assert "anchor" in map(name_key, said)


@pytest.mark.parametrize("text", ["Omar, the boat sank.", "The boat sank, Omar."])
def test_who_is_called_is_not_spoken_of(text):
    assert named(text, text) == ["boat sank"]
    other = text.replace("Omar", "Omar's boat")
    assert named(other, other) != ["boat sank"]


def test_names_keep_their_capitals_and_beginnings_of_sentences_do_not():
    said = ("Trams came to Greenwich.", "Trams left Greenwich for NASA's trams.")
    assert named(*said)[:2] == ["trams", "Greenwich"]
    assert "NASA" in kept(said[1])
    assert named("MIND THE TRAM", "MIND THE TRAM") == ["mind", "tram"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bee", "bees"),
        ("bridge", "Bridges"),
        ("truss", "trusses"),
        ("story", "stories"),
        ("tie", "ties"),
        ("archive", "archive's"),
        ("box", "boxes"),
    ],
)
def test_one_and_many_are_counted_together(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("glass", "glad"), ("bus", "bud")])
def test_what_only_looks_like_many_is_not(one, other):
    assert name_key(one) != name_key(other)


def test_a_possessive_is_told_without_what_makes_it_one():
    assert named("the island's harbour", "the island's mast")[0] == "island"


def test_one_word_said_often_has_another_beside_it():
    said = ("the salad and the skewers", "a salad")
    assert named(*said) == ["salad", "skewers"]
    assert named("the salad and Karel") == []


def test_what_was_done_names_nothing_alone():
    said = ("some reinforced harbour", "some reinforced harbour", "some ringed mast")
    assert named(*said)[0] == "reinforced harbour"
    assert "ringed" not in named("some ringed sail", "some ringed mast")


def test_other_languages_are_kept_as_they_are_said():
    assert kept("die Brücke zu laden", "de").split(" ")[1] == "Brücke"
    assert not kept("they anchor the boat", "de").count("-")


@given(TEXTS, st.sampled_from(["en", "de", "und"]))
def test_what_is_kept_is_what_was_said(text, language):
    found = kept(text, language)
    assert len(found.encode()) <= MAX_SENTENCE_BYTES
    said = {word for word, _ in words(plain(text))}
    for word in found.replace(",", " ").split():
        assert word.removesuffix("-").lower() in said


def test_a_sentence_of_one_word_answers_and_names_nothing():
    assert named("Anchors.", "Anchors!") == []
    assert named("the anchors.", "the anchors.") == ["anchors"]
    assert named("anchors", "anchors") == ["anchors"], "may be a part of a sentence"


@pytest.mark.parametrize(
    ("phrase", "may"),
    [
        ("shipping containers", True),
        ("machine learning", False),
        ("rope frayed", False),
        ("skipper's knot", False),
        ("old wooden boat", False),
    ],
)
def test_what_was_said_once_names_only_in_the_form_of_a_name(phrase, may):
    assert may_name(phrase) is may
