"""Captions made to hurt: no exception, no stall, no topic made of nonsense."""

import time

import pytest

from schemas.topics import Topic
from tests.core.topics.topic_talks import LIFE, captions, sentences
from workers.core.topics import TopicState, step
from workers.core.topics.contractions import rejoined
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
    "announcing": "we will now go take another big of the last so number are so ",
    "contractions": "let s i m don t wouldn ",
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


def times_as_long(work, other, most):
    """Return how many times as long as *other* it takes, in processor time.

    In turns, and of each the shortest: what slows this machine down for a while slows
    both. Where it would be *most* or more it is tried longer, since others at work make
    a try longer and never shorter; work that really is so long stays so.
    """
    tries = []
    for number in range(50):
        tries.append((taken_s(work), taken_s(other)))
        least_s, other_s = map(min, zip(*tries, strict=True))
        if number >= 6 and least_s < most * other_s:
            break
    return least_s / other_s


def taken_s(work):
    started_s = time.process_time()
    work()
    return time.process_time() - started_s


def grown(text, size):
    return (text * (size // len(text) + 1))[:size]


@pytest.mark.parametrize("name", HOSTILE)
def test_four_times_the_text_takes_about_four_times_as_long(name):
    def read(size):
        text = grown(HOSTILE[name], size)
        return lambda: (find_cues(rejoined(text, "en"), "en"), list(words(text)))

    # Quadratic time would be 16 times as long.
    assert times_as_long(read(16_000), read(4_000), most=9) < 9


def test_what_takes_quadratic_time_is_found():
    def quadratic(size):
        return lambda: [None for _ in range(size) for _ in range(size)]

    assert times_as_long(quadratic(400), quadratic(100), most=9) > 9


def test_every_family_of_cues_has_a_hostile_sentence():
    assert set(FAMILIES) <= set(HOSTILE)


MODEL = load_topic_model(language=WordLlamaLanguage())


@pytest.fixture(scope="module")
def usual():
    """Return a state after an hour, and a usual sentence."""
    state = TopicState(stream_id="talk", life=LIFE)
    said = captions(sentences([0, 1, 2, 3], 60))
    for event in said:
        state, _ = step(state, event, MODEL)
    (event,) = captions(["We looked at the reactor and its magnets for an hour."])
    return state, event


@pytest.mark.parametrize("name", HOSTILE)
def test_no_caption_stalls_the_agent(name, usual):
    state, sentence = usual
    (event,) = captions([grown(HOSTILE[name], 16_384)])

    def heard():
        MODEL.language._sentence.cache_clear()
        MODEL.lexicon.meaning.cache_clear()
        step(state, event, MODEL)

    def said():
        step(state, sentence, MODEL)

    # A usual one takes a fifth to half of a millisecond where nothing else runs.
    assert times_as_long(heard, said, most=15) < 15


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
