import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from told import SETTINGS, START, Told, final, interim

from schemas.segment import CaptionSegment
from workers.core.merging import MergeState, step, tick

WORDS = st.lists(
    st.sampled_from(
        "yes no the a river runs down to old mill and stops. Is it? I see, so. 3.5 Dr."
        " Ann 今日はいい天気。 naïve 👩‍👩‍👧 l'eau".split()
    ),
    min_size=1,
    max_size=14,
)


@st.composite
def talks(draw):
    """Utterances in time, one after the other, and the words in each."""
    at_s = 0.0
    talk = []
    for words in draw(st.lists(WORDS, min_size=1, max_size=8)):
        at_s += draw(st.sampled_from([0.1, 0.3, 0.9, 2.0]))
        end_s = at_s + 0.4 * len(words)
        talk.append((round(at_s, 2), round(end_s, 2), words))
        at_s = end_s
    return talk


@st.composite
def recognised(draw, talk):
    """What a recogniser sends of a talk: growing guesses, finals, re-sent ones."""
    named = draw(st.booleans())
    segments = []
    for number, (start_s, end_s, words) in enumerate(talk):
        more = {"segment_id": f"u{number}"} if named else {}
        for size in sorted(draw(st.sets(st.integers(1, len(words)), max_size=4))):
            guess = list(words[:size])
            if draw(st.booleans()):
                guess[-1] = "guess"
            until_s = start_s + 0.4 * size
            segments.append(interim(" ".join(guess), start_s, until_s, **more))
        segments.append(final(" ".join(words), start_s, end_s, **more))
        if draw(st.integers(0, 4)) == 0:
            segments.append(segments[-1])
    return segments


@given(st.data())
@settings(max_examples=200)
def test_each_word_comes_once_and_in_order(data):
    talk = data.draw(talks())
    told = Told()
    for segment in data.draw(recognised(talk)):
        told.hear(segment)
    told.end()
    said = "".join(word for _, _, words in talk for word in words)
    assert "".join("".join(told.texts).split()) == said


@given(st.data())
def test_dump_and_restore_at_any_segment_changes_nothing(data):
    segments = data.draw(recognised(data.draw(talks())))
    straight, restored = START, START
    for number, segment in enumerate(segments):
        straight, said = step(straight, segment, number * 100, SETTINGS)
        restored = msgspec.json.decode(msgspec.json.encode(restored), type=MergeState)
        restored, again = step(restored, segment, number * 100, SETTINGS)
        assert again == said
    assert msgspec.json.encode(restored) == msgspec.json.encode(straight)


ID = st.text(min_size=1, max_size=60)

ANY_SEGMENT = st.builds(
    CaptionSegment,
    stream_id=st.just("talk"),
    text=st.one_of(
        st.text(max_size=60),
        st.sampled_from(["x" * 16_000, "語" * 5_000, '"\\' * 4_000, "a " * 8_000]),
        WORDS.map(" ".join),
    ),
    is_final=st.booleans(),
    mode=st.sampled_from(["replace", "append", "cumulative"]),
    start_s=st.one_of(st.none(), st.floats(0, 50)),
    end_s=st.one_of(st.none(), st.floats(50, 100)),
    segment_id=st.one_of(
        st.none(), st.sampled_from("abc"), st.text(min_size=1, max_size=60)
    ),
    sequence=st.one_of(st.none(), st.integers(0, 9)),
    epoch=st.sampled_from([0, 0, 0, 1]),
    channel=st.one_of(st.none(), ID),
    speaker=st.one_of(st.none(), st.sampled_from(["Ann", "Bo"])),
    end_of_utterance=st.booleans(),
)


@given(st.lists(ANY_SEGMENT, max_size=60))
@settings(max_examples=60, deadline=None)
def test_rule_12_whatever_comes_in_nothing_raises_and_state_is_bounded(segments):
    told = Told()
    for segment in segments:
        told.hear(segment)
        assert len(msgspec.json.encode(told.state)) <= 64 * 1024
    told.end()
    for channel in told.state.channels:
        assert not channel.runs
        assert not channel.shown


@given(st.lists(ANY_SEGMENT, max_size=20), st.integers(0, 10))
@settings(deadline=None)
def test_after_a_silence_nothing_is_open(segments, gap):
    told = Told()
    for segment in segments:
        told.hear(segment, after_ms=gap * 100)
    state, _ = tick(told.state, told.now_ms + SETTINGS.finals_silence_ms, SETTINGS)
    assert not any(channel.runs for channel in state.channels)
