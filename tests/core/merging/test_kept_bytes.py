"""How much kept captions have as JSON is told from above, without writing them."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from workers.core.merging.forget import KEPT_BYTES, at_most_bytes
from workers.core.merging.heard import Heard
from workers.core.merging.state import Closed, Correction, Source
from workers.core.merging.words import join, split

NAMES = st.text(min_size=1, max_size=8) | st.sampled_from(
    ['"\\', "\x00\x1f", "\U0001f600"]
)
TEXTS = (st.text(max_size=40) | st.text('"\\\U0001f600\u2028\x7f ', max_size=40)).map(
    lambda text: join([Heard(word) for word in split(text)[0]])
)
TIMES = st.none() | st.floats(0, 1e9)
COUNTS = st.integers(0, 10**9)
SOURCES = st.builds(Source, NAMES, st.integers(0, 20_000), TIMES, TIMES, st.booleans())
CAPTIONS = st.builds(
    Closed,
    COUNTS,
    COUNTS,
    TEXTS,
    st.lists(SOURCES, max_size=3).map(tuple),
    TIMES,
    TIMES,
    st.none() | NAMES,
    st.none() | NAMES,
    st.none() | NAMES,
    st.booleans(),
    st.booleans(),
    st.none() | st.floats(0, 1),
    st.none() | st.builds(Correction, TEXTS, st.integers(0, 2**53)),
)


@given(st.lists(CAPTIONS, max_size=4))
def test_no_captions_have_more_bytes_than_they_have_at_most(captions):
    assert len(msgspec.json.encode(captions)) <= at_most_bytes(captions) + 2


def test_twenty_usual_captions_are_known_to_be_kept_without_writing_them():
    one = Closed(
        1_000_000,
        9,
        "a" * 80,
        (Source("session-1:utterance-12345", 15, 3600.123, 3604.567),),
        3600.123,
        3604.567,
        "Speaker 1",
        "left",
        "en-GB",
    )
    assert at_most_bytes([one] * 20) < KEPT_BYTES
