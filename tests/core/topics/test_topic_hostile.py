"""Captions made to hurt: no exception, no stall, no topic made of nonsense."""

import time

import pytest

from schemas.topics import Topic
from tests.core.topics.topic_talks import LIFE, captions, sentences
from workers.core.topics import TopicState, step
from workers.core.topics.cues import FAMILIES, find_cues
from workers.core.topics.words import words
from workers.language.load import load_topic_model
from workers.language.wordllama_language import WordLlamaLanguage

HOSTILE = {
    "move_on": "move shift gear go on t come bac ",
    "intention": "let let' let u i' i would i'd lik we hav ",
    "discourse": "all righ anyway",
    "continuation": "becaus whic exactl ",
    "asking": "what abou how ab do yo you hav speaking o ",
    "agenda": "firs secon presentatio agend ",
    "courtesy": "thank'hi everyon good mornin ",
    "pronoun": "thi tha thes thos the ",
    "words": "a'",
    "marks": "a\u0301\u0302",
    "unspaced": "ก",
    "mixed": "aก'",
    "quotes": "'",
    "question": "? ",
    "spaces": " \t\n",
    "long": "x",
    "capitals": "İ",
    "emoji": "👩\u200d👩\u200d👧",
}


def least_s(work):
    """Return the shortest of some tries, in processor time: others matter less."""
    tries = []
    for _ in range(7):
        started_s = time.process_time()
        work()
        tries.append(time.process_time() - started_s)
    return min(tries)


def grown(text, size):
    return (text * (size // len(text) + 1))[:size]


@pytest.mark.parametrize("name", HOSTILE)
def test_four_times_the_text_takes_about_four_times_as_long(name):
    def read(size):
        text = grown(HOSTILE[name], size)
        return lambda: (find_cues(text, "en"), list(words(text)))

    # Quadratic time would be 16 times as long.
    assert least_s(read(16_000)) < 9 * least_s(read(4_000)) + 1e-4


def test_every_family_of_cues_has_a_hostile_sentence():
    assert set(FAMILIES) <= set(HOSTILE)


MODEL = load_topic_model(language=WordLlamaLanguage())


@pytest.fixture(scope="module")
def usual():
    """Return a state after an hour, and how long a usual sentence takes it."""
    state = TopicState(stream_id="talk", life=LIFE)
    said = captions(sentences([0, 1, 2, 3], 60))
    for event in said:
        state, _ = step(state, event, MODEL)
    (event,) = captions(["We looked at the reactor and its magnets for an hour."])
    return state, least_s(lambda: step(state, event, MODEL))


@pytest.mark.parametrize("name", HOSTILE)
def test_no_caption_stalls_the_agent(name, usual):
    state, usual_s = usual
    (event,) = captions([grown(HOSTILE[name], 16_384)])

    def heard():
        MODEL.language._sentence.cache_clear()
        MODEL.lexicon.meaning.cache_clear()
        step(state, event, MODEL)

    # A usual one takes a fifth to half of a millisecond where nothing else runs.
    assert least_s(heard) < 15 * usual_s


@pytest.mark.parametrize("name", sorted(set(HOSTILE) - {"unspaced", "mixed", "marks"}))
def test_nonsense_names_no_topic(name):
    state = TopicState(stream_id="talk", life=LIFE)
    labels = set()
    for event in captions([grown(HOSTILE[name], 300)] * 60):
        state, messages = step(state, event, MODEL)
        labels |= {one.label for one in messages if isinstance(one, Topic)}
    said = {word for label in labels - {None} for word in label.split()}
    assert all(len(word) > 2 and word.strip(",").isalpha() for word in said)
    if name in {"words", "quotes", "question", "spaces", "long", "emoji", "capitals"}:
        assert labels == {None}
