"""Watch words as they are set: phrases and patterns, in linear time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.captions import CaptionFinal, CaptionRevised, Flag
from schemas.phrases import PhraseSpotted
from tests.core.topics.topic_talks import LIFE, captions, plain_model
from workers.core.enriching import on_caption
from workers.core.quality import LOOP
from workers.language.watching import PhraseWatch
from workers.settings import Settings, SettingsError, load_settings

WATCH = PhraseWatch(
    {"money": ["refund*", "credit card"], "case": [r"/\bcase (?:no|number) \d+/"]}
)


def said(text, watch=WATCH):
    return [(one.name, text[one.start : one.end]) for one in watch.find(text)]


def test_phrases_and_patterns_are_found_in_any_case_each_by_its_name():
    text = "Éh, Case NO 12: two refunds to a Credit  Card."
    expected = [("case", "Case NO 12"), ("money", "refunds")]
    assert said(text) == [*expected, ("money", "Credit  Card")]


@given(st.text(max_size=300))
def test_places_are_in_order_inside_the_text_and_apart_for_each_name(text):
    watch = PhraseWatch({"any": ["a", "/[^x]{1,3}/"], "x": ["/x+/", "/\\b/"]})
    places = watch.find(text)
    ends = {}
    assert list(places) == sorted(places, key=lambda one: one.start)
    for one in places:
        assert ends.get(one.name, 0) <= one.start < one.end <= len(text)
        ends[one.name] = one.end


HOSTILE = {
    "/(a+)+b/": "a",
    "/(a|aa)*c/": "a",
    "/(.*)(.*)(.*)d/": "a",
    "/a/": "a",
    "a a a a a a a b": "a ",
    "a*": "a ",
}


@pytest.mark.parametrize("entry", HOSTILE)
def test_twice_the_text_takes_no_more_than_a_few_times_as_long(entry):
    watch = PhraseWatch({"x": [entry]})

    def took(size):
        text = HOSTILE[entry] * (size // len(HOSTILE[entry]))
        best = float("inf")
        for _ in range(9):
            started = time.process_time()
            watch.find(text)
            best = min(best, time.process_time() - started)
        return best

    # A quadratic search would take 16 times as long, an exponential one for ever.
    assert took(2000) < 10 * took(500) + 1e-3


@pytest.mark.parametrize("wrong", ["/(a/", "/a{5000}/", "/(?=a)/", "…"])
def test_an_entry_that_cannot_be_found_is_named_with_the_reason(wrong):
    with pytest.raises(ValueError, match=r"/|words"):
        PhraseWatch({"x": [wrong]})


def test_settings_tell_what_is_wrong_with_watch_words(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAPTION_WATCH_WORDS", '{"money": ["refund*", "/(/"]}')
    with pytest.raises(SettingsError, match=r"CAPTION_WATCH_WORDS.*/\(/"):
        load_settings()
    monkeypatch.setenv("CAPTION_WATCH_WORDS", '{"Big Name": ["a"]}')
    with pytest.raises(SettingsError, match="names begin with a to z"):
        load_settings()
    monkeypatch.setenv("CAPTION_WATCH_WORDS", '{"money": ["refund*"]}')
    assert load_settings().watch_words == {"money": ("refund*",)}
    assert Settings().watch_words == {}


def told(events, watch=WATCH):
    state, found = None, []
    for event in events:
        state, messages = on_caption(
            state, event, plain_model(), now_ms=0, waited_s=0.0, watch=watch
        )
        found += (one for one in messages if isinstance(one, PhraseSpotted))
    return found


def test_a_revised_caption_takes_its_phrase_back():
    (final,) = captions(["A refund, please."])
    fields = {name: getattr(final, name) for name in CaptionFinal.__struct_fields__}
    fields.pop("latency")
    revised = CaptionRevised(
        **fields
        | {
            "revision": 1,
            "text": "A remand, please.",
            "final": True,
            "reason": "final_changed",
        }
    )
    first, second = told([final, revised])
    assert (first.caption_id, first.text, first.start) == (f"{LIFE}.c0", "refund", 2)
    assert (second.spot_id, second.withdrawn) == (first.spot_id, True)
    assert told([final], watch=None) == []


def test_what_nobody_said_is_not_spotted():
    (final,) = captions(["refund"], flags=(Flag(name=LOOP, evidence="11 times"),))
    assert told([final]) == []
