"""Whatever comes in: nothing raises, and the promises about text hold."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.segment import CaptionSegment, Word
from tests.core.quality.live import CaptionRules, Stream
from workers.core.lives import Live
from workers.core.quality import QualityRules, mask_for
from workers.language.hallucinations import known_phrases

RULES = CaptionRules(
    quality=QualityRules(phrases=known_phrases(), mask=mask_for(["damn", "馬鹿", "a*"]))
)
SHARE = st.none() | st.floats(0, 1)
TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["damn " * 90, "馬鹿" * 400, "Thank you.", "字幕by x", "*" * 300]),
    st.lists(st.sampled_from("damn 馬鹿 an yes. no İ ﬁ ß".split())).map(" ".join),
)
ANY = st.builds(
    CaptionSegment,
    stream_id=st.just("talk"),
    text=TEXT,
    is_final=st.booleans(),
    mode=st.sampled_from(["replace", "append", "cumulative"]),
    start_s=st.none() | st.floats(0, 50),
    end_s=st.none() | st.floats(50, 100),
    segment_id=st.none() | st.sampled_from("abc"),
    epoch=st.sampled_from([0, 0, 1]),
    channel=st.none() | st.text(min_size=1, max_size=60),
    words=st.none()
    | st.lists(st.builds(Word, text=TEXT, confidence=SHARE), max_size=3).map(tuple),
    confidence=SHARE,
    end_of_stream=st.sampled_from([False] * 9 + [True]),
)


@given(st.lists(st.tuples(ANY, st.integers(0, 40_000)), max_size=30))
@settings(max_examples=60, deadline=None)
def test_whatever_comes_in_nothing_raises_and_masks_hold(heard):
    told = Stream(RULES)
    for segment, after_ms in heard:
        told.hear(segment, after_ms=after_ms)
        if isinstance(told.state, Live):
            assert len(msgspec.json.encode(told.state.figures)) < 4_096
    for caption in told.captions:
        original = caption.unmasked_text or caption.text
        assert len(original) == len(caption.text)
        assert 0 <= caption.stable <= len(caption.text)
        assert "damn" not in caption.text.casefold().split()
        assert caption.confidence is None or 0 <= caption.confidence <= 1
        if caption.words is not None and caption.unmasked_text:
            shown = "".join(word.text for word in caption.words)
            assert shown == "".join(caption.text.split())
    for message in told.metrics:
        assert (message.state == "ok") == (message.reason == "")
        for share in (message.cue_compliance or {}).values():
            assert 0 <= share <= 1
