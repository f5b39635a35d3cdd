"""What counts as a sentence where captions are longer or shorter than that."""

import random
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.captions import (
    CaptionFinal,
    CaptionRevised,
    CaptionWithdrawn,
    StreamEnded,
)
from schemas.segment import Word
from schemas.topics import TopicConfirmed
from tests.core.topics.topic_talks import (
    END,
    LANGUAGES,
    LIFE,
    SPEAKERS,
    TEXTS,
    TIMES,
    plain_model,
    sentences,
)
from workers.core.topics import MAX_STATE_BYTES, TopicState, step
from workers.core.topics.places import LEAST, MOST_PARTS, USUAL, best_places
from workers.core.topics.tokens import Token
from workers.core.topics.utterances import MOST, MOST_MARKED, cut, sentences_of

MODEL = plain_model()
WORDS = st.lists(st.sampled_from(["so", "of", "well,", "reef", "sails", "i", "tide."]))
CAPTIONS = st.lists(
    st.builds(
        dict,
        text=TEXTS | WORDS.map(" ".join),
        start_s=TIMES,
        end_s=TIMES,
        speaker=SPEAKERS,
        language=LANGUAGES,
    ),
    max_size=12,
)


def caption(text, number=0, **fields):
    return CaptionFinal(
        stream_id="talk",
        caption_id=f"{LIFE}.c{number}",
        revision=0,
        text=text,
        stable=len(text),
        **fields,
    )


def timed(texts, pauses, start_s=10.0):
    """Say words of 0.3 s with a pause after each."""
    words = []
    for text, pause_s in zip(texts, pauses, strict=True):
        words.append(Word(text=text, start_s=start_s, end_s=start_s + 0.3))
        start_s = round(start_s + 0.3 + pause_s, 3)
    return caption(
        " ".join(texts),
        words=tuple(words),
        start_s=words[0].start_s,
        end_s=words[-1].end_s,
    )


def said_in(captions):
    """Return all sentences of a life."""
    found, waiting = [], None
    for number, one in enumerate(captions):
        said, waiting = sentences_of(waiting, one, number, first=number == 0)
        found += said
    return [*found, waiting] if waiting else found


def bare(seed, subjects=(0, 1, 2), each=35):
    """Return a talk without marks, in captions that end anywhere."""
    chance = random.Random(seed)
    words = " ".join(sentences(subjects, each, seed)).lower().replace(",", "").split()
    events, at = [], 0
    while at < len(words):
        size = chance.choice((1, 2, 3, 5, 12, 30, 45))
        events.append(
            caption(
                " ".join(words[at : at + size]),
                len(events),
                start_s=round(0.4 * at, 3),
                end_s=round(0.4 * min(len(words), at + size), 3),
            )
        )
        at += size
    return events


def run(events, state=None, model=MODEL):
    state = state or TopicState(stream_id="talk", life=LIFE)
    told = []
    for event in events:
        state, messages = step(state, event, model)
        told += messages
    return state, told


@given(CAPTIONS)
@settings(deadline=None)
def test_no_word_is_lost_or_said_twice(each):
    captions = [caption(number=n, **fields) for n, fields in enumerate(each)]
    heard = "".join(one.text for one in said_in(captions))
    assert "".join(heard.split()) == "".join(
        "".join(one.text.split()) for one in captions
    )


@given(CAPTIONS)
@settings(deadline=None)
def test_sentences_stand_in_the_order_of_their_captions(each):
    captions = [caption(number=n, **fields) for n, fields in enumerate(each)]
    numbers = [number for one in said_in(captions) for number in one.numbers]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(len(captions)))


@given(st.integers(1, MOST_MARKED), st.sampled_from(".?!…。"))
def test_a_caption_that_ends_with_a_mark_is_one_sentence(count, mark):
    one = caption(" ".join(["so"] * count) + mark)
    assert [said.text for said in cut(one, 0)] == [one.text]


@given(
    st.integers(1, MOST_MARKED - 2),
    st.sampled_from(["So {}", "and so, {}", "{}."]),
)
def test_a_piece_of_a_long_sentence_is_one_where_there_are_marks(count, form):
    one = caption(form.format(" ".join(["reef"] * count)))
    assert [said.text for said in cut(one, 0)] == [one.text]


@given(st.lists(st.sampled_from(["so", "of", "reef", "i", "well"]), min_size=1))
def test_without_marks_no_sentence_is_longer_than_they_usually_are(words):
    sizes = [len(said.text.split()) for said in cut(caption(" ".join(words)), 0)]
    assert max(sizes) <= MOST
    if len(sizes) > 1:
        assert min(sizes) >= LEAST


@given(
    st.lists(st.builds(Token, st.just("reef"), st.floats(0.2, 30)), max_size=200),
    st.sampled_from(["en", "de", "xx"]),
)
def test_places_are_in_order_and_few(tokens, language):
    places = best_places(tokens, MOST, language)
    assert len(places) < MOST_PARTS
    assert all(first < here for first, here in pairwise([0, *places]))
    assert not places or places[-1] < len(tokens)


@given(st.integers(LEAST, 14))
def test_a_pause_ends_a_sentence(at):
    pauses = [0.0] * 24
    pauses[at - 1] = 0.6
    first, second, *_ = cut(timed(["reef"] * 24, pauses), 0)
    assert len(first.text.split()) == at
    assert first.end_s == pytest.approx(10.0 + 0.3 * at)
    assert second.start_s == pytest.approx(first.end_s + 0.6)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("the old stones carry all the weight of the bridge", "so we look after them"),
        ("nobody knew what we had built until the river rose", "and then they came"),
        ("nous avons vu le pont avec une très longue corde", "mais il ne tenait plus"),
    ],
)
def test_small_words_tell_where_a_sentence_begins(before, after):
    language = "fr" if "nous" in before else "en"
    first, second = cut(
        caption(f"{before} {after} reef reef reef", language=language), 0
    )
    assert first.text == before
    assert second.text.startswith(after)


def test_speech_written_without_spaces_is_cut_too():
    text = "今日は天気がいいですね" * 12
    said = cut(caption(text, language="ja", start_s=0.0, end_s=12.0), 0)
    assert "".join(one.text for one in said) == text
    assert all(len(one.text) <= 2.5 * (MOST + 1) for one in said)
    starts_s = [one.start_s for one in said]
    assert starts_s == sorted(set(starts_s))
    assert starts_s[-1] < 12.0


def test_a_few_words_wait_for_what_follows():
    first, *rest = [
        caption("the oldest bridge", 1, start_s=3.0, end_s=4.0, speaker="Ann"),
        caption("is the one at the mill", 2, start_s=4.9, end_s=6.0, speaker="Ann"),
    ]
    (both,) = said_in([caption("So."), first, *rest])[1:]
    assert both.text == "the oldest bridge is the one at the mill"
    assert (both.numbers, both.start_s, both.end_s) == ((1, 2), 3.0, 6.0)


@pytest.mark.parametrize(
    "fields",
    [
        {"speaker": "Bo"},
        {"channel": "right"},
        {"language": "de"},
        {"start_s": 6.5},
        {"start_s": 1.0},
    ],
)
def test_nothing_is_joined_over_what_ends_a_sentence(fields):
    usual = {"start_s": 4.5, "end_s": 7.0, "speaker": "Ann", "channel": "left"}
    told = caption("is the one", 2, **(usual | fields))
    waiting = caption(
        "the oldest", 1, start_s=3.0, end_s=4.0, speaker="Ann", channel="left"
    )
    assert len(said_in([caption("So."), waiting, told])) == 3


@given(st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_a_talk_in_uneven_captions_has_sentences_of_the_usual_length(seed):
    sizes = [len(one.text.split()) for one in said_in(bare(seed))]
    assert USUAL - 2 <= sum(sizes) / len(sizes) <= USUAL + 3
    assert max(sizes) <= MOST


@pytest.mark.parametrize("seed", range(5))
def test_topics_are_found_where_no_caption_is_a_sentence(seed):
    events = bare(seed)
    texts = sentences((0, 1, 2), 35, seed)
    true_s = [0.4 * len(" ".join(texts[:at]).split()) for at in (35, 70)]
    _, told = run([*events, END])
    found_s = [one.start_s for one in told if isinstance(one, TopicConfirmed)][1:]
    assert len(found_s) == 2
    for one_s, other_s in zip(found_s, true_s, strict=True):
        assert abs(one_s - other_s) < 0.4 * 3 * USUAL


@given(st.integers(0, 10**6), st.data())
@settings(max_examples=15, deadline=None)
def test_a_state_written_and_read_again_goes_on_the_same(seed, data):
    events = [*bare(seed), END]
    place = data.draw(st.integers(0, len(events)))
    expected_state, expected = run(events)
    state, told = run(events[:place])
    written = msgspec.json.encode(state)
    assert len(written) <= MAX_STATE_BYTES
    state = msgspec.json.decode(written, type=TopicState)
    state, rest = run(events[place:], state, plain_model())
    assert (told + rest, state) == (expected, expected_state)


def test_what_waits_counts_at_the_end():
    events = [caption("So we begin.", 0), caption("the reef", 1)]
    state, _ = run([*events, END])
    assert state.count == 2
    assert state.sentences[-1].words == "reef"


def revised(event, text):
    return CaptionRevised(
        stream_id="talk",
        caption_id=event.caption_id,
        revision=1,
        text=text,
        stable=0,
        final=True,
        reason="corrected",
    )


def kept(state):
    words = [one.words.replace(",", " ") for one in state.sentences]
    waiting = [] if state.waiting is None else state.waiting.texts
    return " ".join([*words, *waiting]).split()


@given(st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_withdrawn_captions_leave_no_word(seed):
    events = bare(seed, each=8)
    gone = [
        CaptionWithdrawn(
            stream_id="talk", caption_id=one.caption_id, revision=1, reason="noise"
        )
        for one in events
    ]
    state, _ = run([each for pair in zip(events, gone, strict=True) for each in pair])
    assert kept(state) == []
    state, _ = run([*events, *gone])
    assert kept(state) == []


@given(st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_revised_captions_have_their_new_words_only(seed):
    events = bare(seed, each=8)
    other = [
        revised(one, " ".join(["kitchen"] * (1 + number % 15)))
        for number, one in enumerate(events)
    ]
    expected = sum(1 + number % 15 for number in range(len(events)))
    state, _ = run([*events, *other])
    assert set(kept(state)) == {"kitchen"}
    assert kept(state).count("kitchen") == expected


def test_what_was_corrected_while_it_waited_is_whole_if_it_is_long():
    first, second = caption("the reef", 1), caption("at low tide", 2)
    longer = "the reef that all of them had sailed around for years"
    state, _ = run([caption("So.", 0), first, revised(first, longer), second])
    assert state.sentences[-1].number == 1
    assert state.waiting.texts == ("at low tide",)


def test_the_end_of_a_life_forgets_what_waits():
    end = StreamEnded(stream_id="talk", life=LIFE, reason="silence", captions=2)
    state, _ = run([caption("So.", 0), caption("the reef", 1), end])
    assert state.waiting is None
