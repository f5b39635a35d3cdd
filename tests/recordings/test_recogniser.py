"""What the simulated recogniser may get wrong, and what it may not."""

from itertools import groupby, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.recordings.recogniser import recognise
from workers.recordings.talk import parse

WORD = st.text("aeionst", min_size=1, max_size=12)
SENTENCE = st.lists(WORD, min_size=1, max_size=30)
TURNS = st.lists(
    st.tuples(
        st.sampled_from(["ANNA", "BO"]), st.lists(SENTENCE, min_size=1, max_size=4)
    ),
    min_size=1,
    max_size=6,
)
LOUD = "ANNA: Listen to how the old bell sounds.\n(noise 9)\nBO: It rings."


@st.composite
def talks(draw):
    return parse(
        "\n".join(
            f"{speaker}: " + " ".join(" ".join(words) + "." for words in sentences)
            for speaker, sentences in draw(TURNS)
        )
    )


SEEDS = st.integers(0, 2**32)


def segments(talk, seed=1):
    return [sent.segment for sent in recognise(talk, stream_id="talk", seed=seed)]


def by_utterance(said):
    ordered = sorted(said, key=lambda segment: segment.segment_id)
    return [list(group) for _, group in groupby(ordered, lambda one: one.segment_id)]


@settings(max_examples=25, deadline=None)
@given(talks(), SEEDS)
def test_the_last_finals_hold_every_word_once_and_in_order(talk, seed):
    last = {one.segment_id: one for one in segments(talk, seed) if one.is_final}
    finals = sorted(last.values(), key=lambda segment: segment.start_s)
    assert [word.text for final in finals for word in final.words] == [
        word.text for sentence in talk.sentences for word in sentence.words
    ]
    assert all(
        final.text.split() == [word.text for word in final.words] for final in finals
    )


@settings(max_examples=25, deadline=None)
@given(talks(), SEEDS)
def test_hypotheses_come_before_their_final_and_each_has_one(talk, seed):
    for versions in by_utterance(segments(talk, seed)):
        finals = [version.is_final for version in versions]
        assert finals == sorted(finals)
        assert finals[-1]


@settings(max_examples=25, deadline=None)
@given(talks(), SEEDS)
def test_only_the_two_newest_words_of_a_hypothesis_may_be_taken_back(talk, seed):
    for versions in by_utterance(segments(talk, seed)):
        final = versions[-1].text.split()
        for interim in versions[:-1]:
            settled = interim.text.split()[:-2]
            assert settled == final[: len(settled)]


@settings(max_examples=25, deadline=None)
@given(talks(), SEEDS)
def test_nothing_is_sent_before_it_was_said(talk, seed):
    for segment in segments(talk, seed):
        sent_s = (segment.emitted_at - segment.stream_started_at).total_seconds()
        assert segment.end_s < sent_s


@settings(max_examples=25, deadline=None)
@given(talks(), SEEDS)
def test_an_utterance_has_one_speaker_and_is_bounded(talk, seed):
    speakers = {
        word.start_s: sentence.speaker
        for sentence in talk.sentences
        for word in sentence.words
    }
    for segment in segments(talk, seed):
        assert segment.end_s - segment.start_s <= 10
        for word in segment.words or ():
            assert speakers[word.start_s] == segment.speaker


@settings(max_examples=25, deadline=None)
@given(talks(), SEEDS)
def test_messages_are_in_the_order_sent_and_only_the_last_ends_the_stream(talk, seed):
    said = segments(talk, seed)
    assert all(one.emitted_at <= two.emitted_at for one, two in pairwise(said))
    numbers = list(dict.fromkeys(segment.sequence for segment in said))
    assert numbers == list(range(len(numbers)))
    assert [segment.end_of_stream for segment in said] == [False] * (len(said) - 1) + [
        True
    ]


@settings(max_examples=25, deadline=None)
@given(talks(), SEEDS)
def test_a_message_sent_twice_differs_only_in_when_it_was_sent(talk, seed):
    for one, two in pairwise(segments(talk, seed)):
        if one.sequence == two.sequence:
            assert one.is_final
            assert one.emitted_at < two.emitted_at
            assert (one.text, one.words, one.segment_id) == (
                two.text,
                two.words,
                two.segment_id,
            )


def test_the_same_seed_makes_the_same_errors_and_another_seed_others():
    talk = parse("ANNA: We took the train to town on Tuesday, and then the tram. " * 9)
    assert segments(talk, seed=1) == segments(talk, seed=1)
    assert segments(talk, seed=1) != segments(talk, seed=2)


def test_in_noise_the_recogniser_repeats_the_last_five_words_without_belief():
    loud = [
        one for one in segments(parse(LOUD)) if one.is_final and one.confidence < 0.5
    ]
    assert len({one.segment_id for one in loud}) == 1
    assert loud[0].text == " ".join(["how the old bell sounds"] * 9)


def test_the_loop_stays_inside_the_noise():
    talk = parse(LOUD)
    (noise,) = talk.gaps
    loop = next(
        one for one in segments(talk) if one.confidence and one.confidence < 0.5
    )
    assert noise.start_s < loop.start_s
    assert loop.end_s < noise.end_s


def test_a_misheard_word_is_corrected_four_seconds_after_its_final():
    talk = parse("ANNA: There were {fifteen|fifty} of them.\n(pause 9)\nBO: Goodness.")
    finals = [one for one in segments(talk) if one.is_final and one.segment_id == "u0"]
    first, second = finals[0], finals[-1]
    assert first.text == "There were fifteen of them."
    assert second.text == "There were fifty of them."
    assert second.sequence > first.sequence
    assert (second.emitted_at - first.emitted_at).total_seconds() == pytest.approx(4)


@pytest.mark.parametrize("seed", range(5))
def test_a_silence_is_silent(seed):
    talk = parse("ANNA: Have a look.\n(pause 14)\nBO: It is lovely.")
    sent = recognise(talk, stream_id="talk", seed=seed)
    assert max(two.send_s - one.send_s for one, two in pairwise(sent)) >= 12
