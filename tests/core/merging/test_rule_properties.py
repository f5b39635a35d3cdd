"""Rules 1 to 13, each as one property; rules 6, 7 and 12 have theirs in their files.

Examples of each rule are in `test_rules.py` and in the files by rule.
"""

from hypothesis import given
from hypothesis import strategies as st
from told import SETTINGS, Told, final, hear, interim

from schemas.captions import CaptionFinal, CaptionRevised
from schemas.segment import Word
from workers.core.merging import tick

WORD_S = 0.5
VOCABULARY = "yes no the a river runs down to old mill and we see so".split()
WORDS = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=12)
DISTINCT = st.integers(4, 60).map(lambda count: [f"word{n}" for n in range(count)])


def spoken(words, first, end):
    """Words of a talk in which each takes half a second, with their times."""
    timed = tuple(
        Word(text=words[n], start_s=n * WORD_S, end_s=(n + 1) * WORD_S)
        for n in range(first, end)
    )
    return {
        "text": " ".join(words[first:end]),
        "start_s": first * WORD_S,
        "end_s": end * WORD_S,
        "words": timed,
    }


def said(told):
    return " ".join(told.end().texts).split()


@st.composite
def guessed(draw, words, *, named):
    """Guesses that grow, some with a wrong last word, then the final."""
    more = {"segment_id": "a"} if named else {}
    segments = []
    for size in sorted(draw(st.sets(st.integers(1, len(words)), max_size=5))):
        guess = [*words[: size - 1], draw(st.sampled_from([words[size - 1], "guess"]))]
        segments.append(interim(" ".join(guess), 0, size * WORD_S, **more))
    return [*segments, final(" ".join(words), 0, len(words) * WORD_S, **more)]


@given(st.data(), WORDS)
def test_rule_1_with_or_without_a_name_a_segment_is_the_same_segment(data, words):
    told = hear(*data.draw(guessed(words, named=data.draw(st.booleans()))))
    assert said(told) == words


@given(st.data(), WORDS, st.booleans(), st.booleans())
def test_rule_2_a_final_takes_its_time_and_leaves_the_rest(data, words, timed, named):
    taken = data.draw(st.integers(1, len(words)))
    names = [{"segment_id": name} if named else {} for name in "ab"]

    def heard(first, end):
        whole = spoken(words, first, end)
        return whole if timed else whole | {"words": None}

    told = hear(
        interim(**heard(0, len(words)), **names[0]),
        final(**heard(0, taken), **names[0]),
    )
    if taken < len(words) and data.draw(st.booleans()):
        told.hear(final(**heard(taken, len(words)), **names[1]))
    assert said(told) == words


@given(WORDS, st.booleans(), st.sampled_from(["empty", "none"]))
def test_rule_3_a_guess_without_a_final_stands_and_is_uncertain(words, named, fate):
    more = {"segment_id": "a"} if named else {}
    end_s = len(words) * WORD_S
    told = hear(interim(" ".join(words), 0, end_s, **more))
    if fate == "empty":
        told.hear(final("", 0, end_s, **more))
    told.silence()
    assert said(told) == words
    assert all(caption.uncertain for caption in told.finals)


@given(st.data(), st.lists(st.sampled_from(["Yes.", "No.", "So?"]), max_size=12))
def test_rule_4_a_repeat_in_its_own_time_survives_and_one_sent_again_does_not(
    data, texts
):
    finals = [final(text, place, place + 0.6) for place, text in enumerate(texts)]
    told = Told()
    for place, segment in enumerate(finals):
        told.hear(segment)
        for again in data.draw(
            st.lists(st.integers(max(0, place - 4), place), max_size=2)
        ):
            told.hear(finals[again])
    assert told.end().texts == texts


@given(st.data(), DISTINCT, st.booleans())
def test_rule_5_windows_that_overlap_are_joined_wherever_they_are_cut(
    data, words, timed
):
    told = Told()
    first = end = 0
    while end < len(words):
        first = data.draw(st.integers(first, end))
        end = data.draw(st.integers(end + 1, min(len(words), end + 20)))
        window = spoken(words, first, end)
        told.hear(final(**(window if timed else window | {"words": None})))
    assert said(told) == words


@given(
    st.lists(
        st.tuples(
            WORDS, st.sampled_from(["Ann", "Bo"]), st.sampled_from(["", ".", "?"])
        ),
        max_size=8,
    )
)
def test_rule_8_a_caption_is_of_one_speaker_and_of_bounded_length(turns):
    told = Told()
    at_s = 0.0
    everything = []
    for words, speaker, mark in turns:
        end_s = at_s + len(words) * WORD_S
        text = f"{' '.join(words)} {speaker.lower()}{mark}"
        everything += text.split()
        told.hear(final(text, at_s, end_s, speaker=speaker))
        at_s = end_s
    assert said(told) == everything
    for caption in told.finals:
        other = {"Ann": "bo", "Bo": "ann"}[caption.speaker]
        assert other not in caption.text.replace(".", "").replace("?", "").split()
        assert len(caption.text) <= SETTINGS.max_chars
        assert caption.end_s - caption.start_s <= SETTINGS.max_caption_s


@given(st.lists(WORDS, min_size=1, max_size=8), st.booleans())
def test_rule_9_stable_text_only_grows_or_is_revised_by_name(guesses, named):
    more = {"segment_id": "a"} if named else {}
    told = Told()
    stable = {}
    for words in guesses:
        told.hear(interim(" ".join(words), 0, len(words) * WORD_S, **more))
    told.end()
    for message in told.messages:
        if not hasattr(message, "stable"):
            stable.pop(message.caption_id)
            continue
        text = message.text[: message.stable]
        if not isinstance(message, CaptionRevised):
            assert text.startswith(stable.get(message.caption_id, ""))
        stable[message.caption_id] = text
    assert {m.caption_id for m in told.messages if isinstance(m, CaptionFinal)} == set(
        stable
    )


@given(WORDS, st.integers(1, 12))
def test_rule_10_nothing_is_dropped_for_being_said_often(words, times):
    told = hear(final(" ".join(words * times), 0, len(words) * times * WORD_S))
    assert said(told) == words * times


@given(st.data(), WORDS, st.integers(0, 20_000))
def test_rule_11_silence_closes_all_at_its_deadline_and_nothing_before(
    data, words, gap_ms
):
    told = hear(*data.draw(guessed(words, named=False))[: data.draw(st.integers(1, 6))])
    guesses = any(channel.guesses for channel in told.state.channels)
    patience_ms = SETTINGS.silence_ms if guesses else SETTINGS.finals_silence_ms
    was_open = any(channel.runs for channel in told.state.channels)
    state, outputs = tick(told.state, told.now_ms + gap_ms, SETTINGS)
    if gap_ms >= patience_ms:
        assert not any(channel.runs for channel in state.channels)
    else:
        assert was_open == any(channel.runs for channel in state.channels)
        assert not outputs


@given(WORDS, WORDS, st.integers(0, 15))
def test_rule_13_the_same_segment_with_other_words_revises_its_captions(
    first, second, between
):
    told = hear(
        final(f"{' '.join(first)}.", 0, 2, segment_id="a", end_of_utterance=True)
    )
    others = [f"This is {number}." for number in range(between)]
    for number, text in enumerate(others):
        told.hear(final(text, 2 + number, 3 + number, segment_id=f"b{number}"))
    told.hear(
        final(f"{' '.join(second)}.", 0, 2, segment_id="a", end_of_utterance=True)
    )
    rest = " ".join(others).replace(".", "").split()
    assert [word.rstrip(".") for word in said(told)] == [*second, *rest]
