"""Which language a sentence is taken for."""

import pytest
from hypothesis import given

from tests.core.topics.topic_talks import (
    FRAMES,
    LANGUAGES,
    TEXTS,
    captions,
    plain_model,
)
from workers.core.topics import TopicState, step
from workers.core.topics.guess import language_of


@pytest.mark.parametrize(
    ("tag", "language"),
    [("en-GB", "en"), ("de_CH", "de"), ("x-😀", "x"), ("zh-Hant", "zh"), ("😀", "und")],
)
def test_a_tag_is_believed(tag, language):
    assert language_of("the old bridge and the river", tag) == language


@pytest.mark.parametrize("text", [*FRAMES, "", "yes", "Okay, thanks Karel.", "31.5 m"])
def test_speech_is_english_where_nothing_denies_it(text):
    assert language_of(text, None) == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("wir haben das Haus am Ufer und nicht auf dem Berg gebaut", "de"),
        ("nous avons parlé de la région et des communes dans le débat", "fr"),
        ("la casa de mi padre está en una calle del centro", "es"),
        ("ik denk dat wij morgen weer naar het strand gaan", "und"),
        ("мы говорили о мосте", "und"),
        ("今日は天気がいいですね", "und"),
    ],
)
def test_small_words_and_scripts_deny_it(text, language):
    assert language_of(text, None) == language


@given(TEXTS, LANGUAGES)
def test_whatever_is_said_has_a_primary_subtag(text, tag):
    found = language_of(text, tag)
    assert found.isascii()
    assert found.isalpha()
    assert len(found) <= 3


def test_what_is_not_english_is_told_to_have_no_weights():
    said = captions(["ik denk dat wij morgen weer naar het strand gaan"] * 2)
    state = TopicState(stream_id="talk", life="3-1042")
    for event in said:
        state, messages = step(state, event, plain_model())
        if len(messages) > 1:
            assert messages[0].model == "recipe-16-unweighted"
    assert state.sentences[0].language == "und"
