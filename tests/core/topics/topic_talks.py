"""Talks made up for tests, and a language that knows no more than they need."""

import random
from hashlib import blake2b

import numpy as np
from hypothesis import strategies as st

from schemas.captions import (
    CaptionFinal,
    CaptionRevised,
    CaptionWithdrawn,
    StreamEnded,
)
from workers.core.topics import TopicSettings
from workers.language.load import load_topic_model

LIFE = "3-1042"

SUBJECTS = (
    "plasma reactor hydrogen magnet neutron tokamak fusion heating vessel turbine"
    " isotope tritium helium confinement wall coil ignition fuel".split(),
    "sourdough flour yeast oven crust butter loaf kitchen dough baker recipe salt"
    " kneading crumb starter rye proofing bakery".split(),
    "yacht sail harbour anchor wind mast keel sailor rudder voyage island storm"
    " lighthouse navigation crew deck regatta rope".split(),
    "parliament vote minister budget tax election senator policy committee law"
    " coalition campaign debate treaty reform deficit ballot mayor".split(),
)
FRAMES = (
    "so the {} is really about the {} and that {}",
    "you know we looked at {} with some {} before the {}",
    "I think the {} needs {} or the {} will go",
    "and then {} comes after the {} because of {}",
    "well, the {} and the {} are what makes {} work",
    "they said that {} was a kind of {} for the {}",
)


class PlainLanguage:
    """Function words weigh nothing; words of one subject point the same way."""

    def knows(self, language):
        return language == "en"

    def weight(self, word, _language):
        common = any(word in frame.lower() for frame in FRAMES)
        return 0.0 if common else 0.7

    def name_weight(self, word, _language):
        return 0.7 if len(word) > 2 else 0.0

    def word_vector(self, word):
        subjects = (str(n) for n, words in enumerate(SUBJECTS) if word in words)
        vector = noise(word) + 0.8 * noise(next(subjects, word))
        return (vector / np.linalg.norm(vector)).astype(np.float32)

    def sentence_vector(self, text):
        return noise(text).astype(np.float32)


def noise(name):
    seed = int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "big")
    vector = np.random.default_rng(seed).standard_normal(256)
    return vector / np.linalg.norm(vector)


def plain_model(sentences_per_topic=35):
    settings = TopicSettings(sentences_per_topic=sentences_per_topic)
    return load_topic_model(settings, PlainLanguage())


def sentences(subjects, each, seed=0):
    """Make *each* sentences on each subject in turn."""
    chance = random.Random(seed)
    return [
        chance.choice(FRAMES).format(*chance.sample(SUBJECTS[subject], 3))
        for subject in subjects
        for _ in range(each)
    ]


def captions(texts, **fields):
    """Make one final caption of each text, five seconds apart."""
    return [
        CaptionFinal(
            stream_id="talk",
            caption_id=f"{LIFE}.c{number}",
            revision=0,
            text=text,
            stable=len(text),
            start_s=5.0 * number,
            end_s=5.0 * number + 4.5,
            **fields,
        )
        for number, text in enumerate(texts)
    ]


END = StreamEnded(stream_id="talk", life=LIFE, reason="end_of_stream", captions=0)

_SCRIPTS = st.sampled_from(
    (
        "",
        "a",
        "?",
        "…" * 50,
        "x" * 16_384,
        "ab " * 5_000,
        "the " * 4_000,
        "я думаю, что это важно",
        "今日は天気がいいですね",
        "我们讨论一下预算问题" * 100,
        "สวัสดีครับ ผมชื่อ",
        "यह एक परीक्षण है",
        "مرحبا بكم في الاجتماع؟",
        "ǅ ß İ ﬁ é" * 20,
        "😀👩‍👩‍👧‍👦 🏳️‍🌈",
        "'" * 3_000 + "a'" * 3_000,
        "let's let's let's move on, thank you, next item?",
        "\x00\x1f\u2028 \u200b",
    )
)
_WORDS = st.lists(st.text(min_size=1, max_size=40), max_size=12).map(" ".join)
TEXTS = st.one_of(st.sampled_from(sentences(range(4), 40, seed=9)), _SCRIPTS, _WORDS)
TIMES = st.none() | st.floats(0, 1e7)
SPEAKERS = st.none() | st.text(min_size=1, max_size=60)
LANGUAGES = st.sampled_from((None, "en", "en-GB", "de", "zh-Hant", "x-😀", "qaa-Qaaa"))


@st.composite
def talk_events(draw, hostile=True, max_talks=5):
    """Draw the events of one life: talk on some subjects, and what may befall it."""
    parts = st.tuples(st.integers(0, 3), st.integers(1, 45))
    drawn = draw(st.lists(parts, min_size=1, max_size=max_talks))
    texts = [
        text
        for subject, each in drawn
        for text in sentences([subject], each, seed=each)
    ]
    events = captions(texts)
    if not hostile:
        return [*events, END]
    for _ in range(draw(st.integers(0, 12))):
        at = draw(st.integers(0, len(events)))
        number = draw(st.integers(0, len(texts) + 20))
        fields = {
            "stream_id": "talk",
            "caption_id": draw(
                st.sampled_from((f"{LIFE}.c{number}", "other.c1", f"{LIFE}.c07", "?"))
            ),
            "revision": 1,
        }
        kind = draw(st.sampled_from((CaptionFinal, CaptionRevised, CaptionWithdrawn)))
        if kind is CaptionWithdrawn:
            fields["reason"] = "noise"
        else:
            fields |= {
                "text": draw(TEXTS),
                "stable": 0,
                "start_s": draw(TIMES),
                "speaker": draw(SPEAKERS),
                "language": draw(LANGUAGES),
            }
        if kind is CaptionRevised:
            fields |= {"final": draw(st.booleans()), "reason": "final_changed"}
        events.insert(at, kind(**fields))
    return [*events, END] if draw(st.booleans()) else events
