"""Rule 12: everything is bounded, whatever comes in."""

from difflib import SequenceMatcher

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import Told, final, interim

from schemas.segment import CaptionSegment
from workers.agents.merge import MergeRules
from workers.agents.packing import unpacked
from workers.core.captioning import on_segment
from workers.core.cues import Profile
from workers.core.lives import CaptionRules
from workers.core.merging import revise

KIB = 1024
MERGE_KIB = 40
"""Of a stream's 64 KiB; the rest is for cues and figures."""
WRITTEN = MergeRules(CaptionRules(), "captions").encode_state
LONG = "x" * 245
MARKS = "\u0001" * 250


def size(value):
    return len(msgspec.json.encode(value))


def size_written(state):
    """Return the bytes of a stream's state, on Kafka and in the block it unpacks to."""
    data = WRITTEN(state)
    return max(len(data), len(unpacked(data)))


LETTER_FINALS = [
    final("a", n * 0.05, n * 0.05 + 0.05, segment_id=f"{LONG}{n:05}")
    for n in range(1500)
]
HOSTILE = {
    "finals of one letter, long ids": LETTER_FINALS,
    "finals of one letter, ids of marks": [
        final("a", segment_id=f"{MARKS}{n:05}", speaker=MARKS) for n in range(600)
    ],
    "guesses of one letter": [
        interim("a", n * 0.05, n * 0.05 + 0.05, segment_id=f"{n:05}")
        for n in range(1000)
    ],
    "guesses without times": [interim("a", segment_id=f"{n}") for n in range(1000)],
    "nine channels that talk at once": [
        interim("a b c " * 120, n, n + 1, channel=f"{n % 9}", segment_id=f"{n}")
        for n in range(90)
    ],
    "nine channels of one letter": [
        interim("a", n * 0.1, n * 0.1 + 0.1, channel=f"{n % 9}", segment_id=f"{n}")
        for n in range(1500)
    ],
    "channels and speakers with long names": [
        final("a b c. " * 40, n, n + 1, channel=f"{MARKS}{n % 9}", speaker=MARKS)
        for n in range(200)
    ],
    "words of four bytes": [
        segment
        for n in range(40)
        for segment in (
            interim("𠀀" * 1_200, n * 9, n * 9 + 4),
            final("𠀀" * 1_200 + "。", n * 9, n * 9 + 9),
        )
    ],
    "quotes": [final('"\\' * 4_000, n * 9, n * 9 + 9) for n in range(10)],
    "marks without end": [final("a" + "\u0301" * 8_000, n, n + 1) for n in range(5)],
    "a jump back again and again": [
        final("So far behind. " * 20, (n % 7) * 30, (n % 7) * 30 + 2) for n in range(60)
    ],
    "a guess that grows without end": [
        interim("word " * size, 0, size) for size in range(1, 2000, 40)
    ],
    "appended guesses without end": [
        interim("word", n, n + 1, mode="append") for n in range(1500)
    ],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_rule_12_hostile_streams_stay_small(name):
    state = None
    rules = CaptionRules()
    for number, segment in enumerate(HOSTILE[name]):
        state, _ = on_segment(
            state,
            segment,
            rules,
            place="0-0",
            arrived_ms=number * 10,
            now_ms=number * 10,
        )
        if number % 20 == 0 or number > len(HOSTILE[name]) - 20:
            assert size(state.merge) <= MERGE_KIB * KIB
            assert size_written(state) <= 64 * KIB


@pytest.mark.parametrize(
    "name",
    [
        "finals of one letter, ids of marks",
        "channels and speakers with long names",
        "appended guesses without end",
    ],
)
def test_rule_12_the_cues_of_eight_profiles_fit_beside_them(name):
    tall = {"max_chars": 4, "max_lines": 15, "max_duration_s": 9.0}
    profiles = tuple(Profile(name=f"{n}" * 32, **tall) for n in range(1, 9))
    state = None
    for number, segment in enumerate(HOSTILE[name][:60]):
        state, _ = on_segment(
            state,
            segment,
            CaptionRules(profiles=profiles),
            place="11-99999999",
            arrived_ms=number * 10,
            now_ms=number * 10,
        )
        assert len(state.cues) == 8
        assert size_written(state) <= 64 * KIB


NAME = st.one_of(st.none(), st.text(min_size=1, max_size=64))
ANY_TEXT = st.one_of(
    st.text(max_size=200),
    st.builds(
        lambda word, count: (word + " ") * count,
        st.text(min_size=1, max_size=4),
        st.sampled_from([1, 40, 300, 3_000]),
    ),
)
ANY_SEGMENT = st.builds(
    CaptionSegment,
    stream_id=st.just("talk"),
    text=ANY_TEXT.filter(lambda text: len(text.encode(errors="replace")) <= 16 * KIB),
    is_final=st.booleans(),
    mode=st.sampled_from(["replace", "append", "cumulative"]),
    start_s=st.one_of(st.none(), st.floats(0, 60)),
    end_s=st.one_of(st.none(), st.floats(60, 120)),
    segment_id=NAME,
    channel=NAME,
    speaker=NAME,
    end_of_utterance=st.booleans(),
)


@given(st.lists(ANY_SEGMENT, max_size=40))
@settings(max_examples=40, deadline=None)
def test_rule_12_whatever_comes_in_on_however_many_channels_state_is_bounded(segments):
    told = Told()
    for segment in segments:
        told.hear(segment)
        assert size(told.state) <= MERGE_KIB * KIB


@pytest.fixture
def compared(monkeypatch):
    """The number of pairs of words that revisions had to compare."""
    pairs = []

    class Counting(SequenceMatcher):
        def __init__(self, isjunk=None, a="", b="", autojunk=True):
            pairs.append(len(a) * len(b))
            super().__init__(isjunk, a, b, autojunk)

    monkeypatch.setattr(revise, "SequenceMatcher", Counting)
    return pairs


def test_rule_12_no_revision_compares_more_words_than_fit_in_some_tens_of_ms(compared):
    told = Told()
    for number in range(6):
        text = " ".join("ab"[(place * (number + 7)) % 13 % 2] for place in range(2_900))
        told.hear(final(text, 0, 15, segment_id="a"))
        told.hear(final(f"thank you {number} " * 600, 20, 35, segment_id="b"))
    assert max(compared, default=0) <= revise.MOST_PAIRS
