"""Properties of the step that finds topics."""

import math
import random
import re
from collections import defaultdict
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.captions import CaptionFinal, CaptionRevised, CaptionWithdrawn
from schemas.topics import (
    EnrichedCaption,
    Topic,
    TopicConfirmed,
    TopicEnded,
    TopicLabelled,
    TopicStarted,
    TopicWithdrawn,
)
from tests.core.topics.topic_talks import (
    END,
    LANGUAGES,
    LIFE,
    SPEAKERS,
    SUBJECTS,
    TEXTS,
    TIMES,
    captions,
    plain_model,
    sentences,
    talk_events,
)
from workers.core.topics import MAX_STATE_BYTES, TopicState, step
from workers.core.topics.words import stem

MODEL = plain_model()
LETTER = {
    TopicStarted: "S",
    TopicLabelled: "L",
    TopicConfirmed: "C",
    TopicWithdrawn: "W",
    TopicEnded: "E",
}


def run(events, model=MODEL, state=None):
    """Return the last state, and all outputs with the place of their event."""
    state = state or TopicState(stream_id="talk", life=LIFE)
    told = []
    for place, event in enumerate(events):
        state, messages = step(state, event, model)
        told += ((place, message) for message in messages)
    return state, told


def changes(told):
    """Return the numbers of captions at which a confirmed topic begins."""
    return [
        int(message.first_caption_id.rpartition(".c")[2])
        for _, message in told
        if isinstance(message, TopicConfirmed)
    ]


@given(talk_events())
@settings(max_examples=25, deadline=None)
def test_the_events_of_each_topic_follow_one_another_as_they_may(events):
    _, told = run(events)
    lives = defaultdict(str)
    revisions = defaultdict(list)
    for _, message in told:
        if isinstance(message, Topic):
            lives[message.topic_id] += LETTER[type(message)]
            revisions[message.topic_id].append(message.revision)
    ended = events[-1] is END
    legal = r"SL*(W|CL*E)" if ended else r"SL*(W|C?L*E?)?"
    for life in lives.values():
        assert re.fullmatch(legal, life)
    for numbers in revisions.values():
        assert numbers == list(range(len(numbers)))


@given(talk_events())
@settings(max_examples=15, deadline=None)
def test_a_confirmed_topic_ends_where_the_next_one_starts(events):
    _, told = run(events)
    started = [m for _, m in told if isinstance(m, TopicConfirmed)]
    ended = [m for _, m in told if isinstance(m, TopicEnded)]
    firsts = [int(m.first_caption_id.rpartition(".c")[2]) for m in started]
    assert [m.topic_id for m in ended] == [m.topic_id for m in started][: len(ended)]
    for one, (_, following) in zip(ended, pairwise(started), strict=False):
        if one.start_s is not None and following.start_s is not None:
            assert one.end_s == max(one.start_s, following.start_s)
    finals = [each.caption_id for each in events if isinstance(each, CaptionFinal)]
    if len(set(finals)) == len(finals):  # merging ends no caption twice
        assert len(set(firsts)) == len(firsts)


@given(talk_events(), st.data())
@settings(max_examples=20, deadline=None)
def test_a_state_written_and_read_again_anywhere_changes_nothing(events, data):
    expected_state, expected = run(events)
    place = data.draw(st.integers(0, len(events)))
    state, told = run(events[:place])
    state = msgspec.json.decode(msgspec.json.encode(state), type=TopicState)
    state, rest = run(events[place:], plain_model(), state)
    assert told + [(at + place, message) for at, message in rest] == expected
    assert state == expected_state


@given(talk_events(hostile=False, max_talks=3))
@settings(max_examples=8, deadline=None)
def test_a_state_written_and_read_again_after_each_event_changes_nothing(events):
    _, expected = run(events)
    state = TopicState(stream_id="talk", life=LIFE)
    told = []
    for place, event in enumerate(events):
        state, messages = step(state, event, MODEL)
        told += ((place, message) for message in messages)
        state = msgspec.json.decode(msgspec.json.encode(state), type=TopicState)
    assert told == expected


@pytest.mark.parametrize("place", [50, 70, 90])
def test_sentences_so_long_that_few_are_kept_restore_all_the_same(place):
    words = [
        f"{' '.join(2 * random.Random(n).sample(SUBJECTS[n // 30 % 3], 18))}."
        for n in range(120)
    ]
    events = captions(words)
    _, expected = run(events)
    state, told = run(events[:place])
    assert len(state.sentences) < min(state.count, 60)
    state = msgspec.json.decode(msgspec.json.encode(state), type=TopicState)
    _, rest = run(events[place:], plain_model(), state)
    assert told + [(at + place, message) for at, message in rest] == expected
    assert state.quick.scores != ()


@given(talk_events(), talk_events())
@settings(max_examples=10, deadline=None)
def test_a_step_taken_twice_or_beside_other_streams_is_the_same_step(events, others):
    _, expected = run(events, plain_model())
    state = TopicState(stream_id="talk", life=LIFE)
    other = TopicState(stream_id="other", life=LIFE)  # the worst: the same memo key
    told = []
    for place, event in enumerate(events):
        step(state, event, MODEL)
        if place < len(others):
            other, _ = step(other, others[place], MODEL)
        state, messages = step(state, event, MODEL)
        told += ((place, message) for message in messages)
    assert told == expected


@given(
    st.lists(st.tuples(TEXTS, TIMES, SPEAKERS, LANGUAGES), min_size=1, max_size=30),
    st.integers(1, 8),
)
@settings(max_examples=15, deadline=None)
def test_the_state_stays_within_its_bound_whatever_is_said(said, rounds):
    state = TopicState(stream_id="s" * 256, life=LIFE)
    number = 0
    for _ in range(rounds):
        for text, start_s, speaker, language in said:
            event = CaptionFinal(
                stream_id="talk",
                caption_id=f"{LIFE}.c{number}",
                revision=0,
                text=text[:16_384],
                stable=0,
                start_s=start_s,
                speaker=speaker,
                language=language,
            )
            state, _ = step(state, event, MODEL)
            number += 1
            assert len(msgspec.json.encode(state)) <= MAX_STATE_BYTES


def test_a_long_stream_of_ever_new_words_stays_within_its_bound():
    model = plain_model(10)
    state = TopicState(stream_id="\x01" * 256, life="9-999999999")
    for number in range(1500):
        topic = number // 14
        words = [f"{chr(0x4E00 + topic)}{'ÿ' * 9}{chr(97 + n)}" for n in range(9)]
        event = CaptionFinal(
            stream_id="talk",
            caption_id=f"9-999999999.c{900_000_000 + number}",
            revision=0,
            text=" ".join(words) + f" ɐ{chr(0x3B1 + number % 20) * 18}",
            stable=0,
            start_s=1e6 + number / 7,
            end_s=1e6 + number / 7 + 0.1,
            speaker=f"speaker {number % 40}",
            language="xyz",
        )
        state, _ = step(state, event, model)
        if number % 20 == 0:
            # Room is left for watched phrases and figures, which share the bound.
            assert len(msgspec.json.encode(state)) <= MAX_STATE_BYTES - 4096


@pytest.mark.parametrize("fields", [{}, {"speaker": "Ann"}, {"language": "nl"}])
def test_three_clear_topics_are_found_within_three_sentences(fields):
    _, told = run([*captions(sentences([0, 1, 2], 35), **fields), END])
    first, *found = changes(told)
    assert first == 0
    assert len(found) == 2
    for change, true in zip(found, (35, 70), strict=True):
        assert abs(change - true) <= 3


def test_a_change_is_provisional_after_12_sentences_and_decided_after_20_to_23():
    _, told = run(captions(sentences([0, 1, 2, 3], 35)))
    begun = {
        m.topic_id: int(m.first_caption_id.rpartition(".c")[2])
        for _, m in told[2:]
        if isinstance(m, Topic)
    }
    quick = []
    for place, message in told:
        if isinstance(message, Topic) and message.topic_id != f"{LIFE}.t1":
            heard = place + 1 - begun[message.topic_id]
            if isinstance(message, TopicStarted):
                assert heard == 12 or 17 <= heard <= 23
                quick.append(heard)
            elif isinstance(message, TopicConfirmed):
                assert 17 <= heard <= 23
            elif isinstance(message, TopicWithdrawn):
                assert 20 <= heard <= 23
    assert 12 in quick


def test_a_digression_is_withdrawn_in_time():
    withdrawn = 0
    for seed in range(12):
        texts = sentences([0], 70, seed) + sentences([1], 7, seed)
        state = TopicState(stream_id="talk", life=LIFE)
        for event in captions(texts + sentences([0], 40, seed + 50)):
            state, messages = step(state, event, MODEL)
            withdrawn += sum(isinstance(m, TopicWithdrawn) for m in messages)
            assert all(state.count - one.gap <= 23 for one in state.topics[1:])
            assert state.topics[0].phase == "confirmed"
    assert withdrawn > 0


def test_an_ended_topic_is_remembered_by_all_that_was_said_in_it():
    state, _ = run([*captions(sentences([0], 7)), END])
    (topic,) = state.earlier.topics
    assert set(topic.stems.split()) & {stem(word) for word in SUBJECTS[0]}
    assert any(pair != 0x77 for pair in topic.vector)  # 0x77 is nothing at all


def test_one_subject_all_along_is_one_topic():
    _, told = run([*captions(sentences([1], 150)), END], plain_model(100))
    assert changes(told) == [0]


def test_a_caption_comes_out_at_once_with_the_topic_as_known_then():
    events = captions(sentences([0, 1], 35))
    _, told = run(events)
    topics = ["none"]
    for place, message in told:
        if isinstance(message, TopicStarted):
            topics.append(message.topic_id)
        elif isinstance(message, TopicWithdrawn):
            topics.remove(message.topic_id)
        elif isinstance(message, EnrichedCaption):
            assert message.caption_id == events[place].caption_id
            assert message.topic_id == topics[-1]
    enriched = [place for place, m in told if isinstance(m, EnrichedCaption)]
    assert enriched == list(range(len(events)))


def test_a_revision_of_a_final_caption_is_issued_again_with_its_revision():
    events = captions(sentences([0], 5))
    revised = CaptionRevised(
        stream_id="talk",
        caption_id=f"{LIFE}.c2",
        revision=3,
        text="quite other words",
        stable=0,
        final=True,
        reason="corrected",
    )
    _, told = run([*events, revised])
    place, message = told[-1]
    assert (place, message.revision, message.text) == (5, 3, "quite other words")
    assert len([m for p, m in told if p == 5]) == 1


def test_a_revision_of_an_open_caption_says_nothing():
    revised = CaptionRevised(
        stream_id="talk",
        caption_id=f"{LIFE}.c0",
        revision=1,
        text="other words",
        stable=0,
        final=False,
        reason="stable_changed",
    )
    state = TopicState(stream_id="talk", life=LIFE)
    assert step(state, revised, MODEL) == (state, ())


def test_revised_words_count_as_if_they_had_been_said_at_once():
    right = captions(sentences([0, 1], 35))
    wrong = [
        msgspec.structs.replace(caption, text="mumble mumble") for caption in right
    ]
    events = []
    for place, caption in enumerate(right):
        revised = CaptionRevised(
            **{
                name: getattr(caption, name)
                for name in ("stream_id", "caption_id", "text", "stable")
            },
            revision=1,
            final=True,
            reason="corrected",
        )
        events += (wrong[place], revised)
    _, told = run(events)
    _, expected = run(right)
    assert changes(told) == changes(expected) != [0]


def test_withdrawn_captions_are_no_evidence():
    said = captions(sentences([0, 1], 35))
    events = []
    for caption in said:
        events += (
            caption,
            CaptionWithdrawn(
                stream_id="talk",
                caption_id=caption.caption_id,
                revision=1,
                reason="unconfirmed",
            ),
        )
    state, told = run([*events, END])
    assert not any(sentence.words for sentence in state.sentences)
    assert all(m.label is None for _, m in told if isinstance(m, TopicEnded))


def test_a_caption_of_another_life_is_enriched_but_no_evidence():
    state, _ = run(captions(sentences([0], 10)))
    alien = CaptionFinal(
        stream_id="talk", caption_id="8-1.c4", revision=0, text="new words", stable=0
    )
    after, messages = step(state, alien, MODEL)
    assert after == state
    assert [type(m) for m in messages] == [EnrichedCaption]
    assert messages[0].topic_id == f"{LIFE}.t1"


def test_after_the_end_nothing_begins_any_more():
    state, _ = run([*captions(sentences([0], 10)), END])
    state, told = run(captions(sentences([1], 40)), state=state)
    assert {type(m) for _, m in told} == {EnrichedCaption}
    assert step(state, END, MODEL) == (state, ())


def test_a_stream_that_ends_before_it_spoke_has_no_topic():
    _, told = run([END])
    assert told == []


def test_topics_tell_score_model_reasons_and_latency():
    _, told = run(captions(sentences([0, 1], 35)))
    found = [m for _, m in told if isinstance(m, TopicStarted)][-1]
    assert found.model == "recipe-8"
    assert found.log_odds > -3
    calibration = MODEL.quick.calibration
    odds = math.exp(calibration.slope * found.log_odds + calibration.intercept)
    assert found.score == pytest.approx(odds / (1 + odds), abs=1e-4)
    told_weight = sum(reason.weight for reason in found.evidence)
    assert told_weight > 0
    assert found.latency_s == 5.0 * 11 + 4.5
    details = " ".join(reason.detail for reason in found.evidence)
    new = re.search("new words: ([a-z, ]+)", details)[1]
    assert set(new.split(", ")[:-1]) <= set(" ".join(sentences([1], 35)).split())
    _, told = run(captions(sentences([0, 1], 35), language="fi"))
    found = [m for _, m in told if isinstance(m, TopicConfirmed)][-1]
    assert found.model == "recipe-16-unweighted"
    assert "no word weights for it" in [r.detail for r in found.evidence]


def test_a_topic_taken_up_again_names_the_earlier_one():
    _, told = run([*captions(sentences([0, 1, 2, 0, 3], 45)), END], plain_model(45))
    ended = [m for _, m in told if isinstance(m, TopicEnded)]
    back = {m.first_caption_id: m.returns_to for m in ended if m.returns_to}
    assert list(back.values()) == [f"{LIFE}.t1"]
    assert abs(int(next(iter(back)).rpartition(".c")[2]) - 135) <= 3


def test_names_are_of_the_subject_and_seldom_change():
    _, told = run([*captions(sentences([0, 1, 2], 35)), END])
    ended = [m for _, m in told if isinstance(m, TopicEnded)]
    for subject, topic in zip((0, 1, 2), ended, strict=True):
        words = set(" ".join(sentences([subject], 35)).split())
        assert topic.label
        assert set(re.findall(r"\w+", " ".join(topic.keyphrases))) <= words
    labelled = defaultdict(list)
    for _, message in told:
        if isinstance(message, TopicLabelled):
            labelled[message.topic_id].append((message.label, message.keyphrases))
    for names in labelled.values():
        assert len(names) <= 4
        assert all(one != other for one, other in pairwise(names))


def test_a_caption_that_came_again_within_one_sentence_may_be_taken_back():
    first, *rest = captions(["we sail on the tide", "and", "then", "it rains"])
    caption_id = rest[0].caption_id
    again = [msgspec.structs.replace(one, caption_id=caption_id) for one in rest]
    gone = CaptionWithdrawn(
        stream_id="talk", caption_id=caption_id, revision=2, reason="noise"
    )
    state, _ = run([first, *again])
    assert len(state.sentences[-1].more) == 2
    state, _ = run([first, *again, gone])
    assert state.sentences[-1].words == ""
