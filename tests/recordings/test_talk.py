"""A talk file is spoken in one way only, and what it says about itself is true."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.recordings.talk import BadTalkError, parse

WORD = st.text("aeionst", min_size=1, max_size=12)
TURNS = st.lists(
    st.tuples(
        st.sampled_from(["ANNA", "BO"]),
        st.lists(
            st.lists(WORD, min_size=1),
            min_size=1,
            max_size=4,
        ),
    ),
    min_size=1,
    max_size=8,
)


def written(turns):
    return "\n".join(
        f"{speaker}: " + " ".join(" ".join(words) + "." for words in sentences)
        for speaker, sentences in turns
    )


def texts(talk):
    return [
        " ".join(word.text for word in sentence.words) for sentence in talk.sentences
    ]


@settings(max_examples=25, deadline=None)
@given(TURNS)
def test_words_follow_one_another_and_never_overlap(turns):
    words = [
        word for sentence in parse(written(turns)).sentences for word in sentence.words
    ]
    assert all(word.start_s < word.end_s for word in words)
    assert all(one.end_s <= two.start_s for one, two in pairwise(words))


@settings(max_examples=25, deadline=None)
@given(TURNS)
def test_every_sentence_written_is_spoken_by_its_speaker(turns):
    spoken = [
        (sentence.speaker, [word.text.rstrip(".") for word in sentence.words])
        for sentence in parse(written(turns)).sentences
    ]
    assert spoken == [(speaker, words) for speaker, turn in turns for words in turn]


@settings(max_examples=25, deadline=None)
@given(TURNS)
def test_pauses_between_turns_are_longer_than_those_inside_one(turns):
    sentences = parse(written(turns)).sentences
    places = [at == 0 for _, turn in turns for at in range(len(turn))]
    for one, two, turn_begins in zip(
        sentences, sentences[1:], places[1:], strict=False
    ):
        pause_s = two.words[0].start_s - one.words[-1].end_s
        lowest_s, highest_s = (0.5, 0.9) if turn_begins else (0.3, 0.6)
        assert lowest_s - 0.01 <= pause_s <= highest_s + 0.01


def test_an_abbreviation_or_a_decimal_does_not_end_a_sentence():
    talk = parse("ANNA: Dr. Bo and Mrs. Li, e.g. at 3.5 degrees. Really? Yes!")
    assert texts(talk) == [
        "Dr. Bo and Mrs. Li, e.g. at 3.5 degrees.",
        "Really?",
        "Yes!",
    ]


def test_a_longer_word_takes_longer_to_say():
    short, long = parse("ANNA: Oh remarkably.").sentences[0].words
    assert long.end_s - long.start_s > short.end_s - short.start_s


def test_a_topic_starts_with_the_first_word_after_its_title():
    talk = parse("## One\nANNA: First words.\n(pause 5)\n## Two\nBO: Second words.")
    assert [(topic.title, topic.sentence) for topic in talk.topics] == [
        ("One", 0),
        ("Two", 1),
    ]
    assert [topic.start_s for topic in talk.topics] == [
        sentence.words[0].start_s for sentence in talk.sentences
    ]


@pytest.mark.parametrize("kind", ["pause", "noise"])
def test_nobody_speaks_for_as_long_as_a_gap_says(kind):
    talk = parse(f"ANNA: First words.\n({kind} 12)\nBO: Second words.")
    before, after = talk.sentences
    (gap,) = talk.gaps
    assert (gap.kind, gap.sentence) == (kind, 1)
    assert gap.end_s - gap.start_s == 12
    assert before.words[-1].end_s < gap.start_s
    assert gap.end_s == after.words[0].start_s


def test_a_misheard_word_is_said_as_it_should_have_been_heard():
    *_, word = parse("ANNA: About {fifteen|fifty}.").sentences[0].words
    assert (word.text, word.misheard) == ("fifty.", "fifteen.")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("ANNA: Fine.\nand this?", "line 2 .*'and this"),
        ("Anna: Fine.", "line 1 "),
        ("ANNA: Fine.\n(pause long)", "line 2 "),
        ("ANNA: Fine.\n## Nothing", "nobody speaks"),
        ("ANNA: Fine.\n(pause 3)", "nobody speaks"),
        ("## One\n## Two\nANNA: Fine.", "nobody speaks about 'One'"),
        ("(noise 3)\nANNA: Fine.", "before anybody"),
    ],
)
def test_a_talk_that_cannot_be_spoken_says_which_line_is_wrong(text, complaint):
    with pytest.raises(BadTalkError, match=complaint):
        parse(text)
