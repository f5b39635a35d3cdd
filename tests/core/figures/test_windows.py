import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codec import encode
from tests.core.quality.live import START_MS, CaptionRules, Stream, final, hear, interim
from workers.core.cues import PROFILES
from workers.core.lives import Live

RULES = CaptionRules(profiles=(PROFILES["web"], PROFILES["bbc"]))
TEXTS = [
    "The harbour was full of small boats this morning.",
    "yes",
    "no no no no no no",
    "今日はいい天気ですね。",
    "and then we went on to the old mill, which has stood there for a hundred years",
]


@st.composite
def talks(draw):
    """Segments, each with the milliseconds before it; pauses end windows."""
    talk = []
    at_s = 0.0
    for number in range(draw(st.integers(1, 14))):
        at_s += draw(st.sampled_from([0.1, 1.0, 12.0, 40.0]))
        text = draw(st.sampled_from(TEXTS))
        more = {
            "segment_id": f"u{number}",
            "channel": draw(st.sampled_from([None, "a", "b"])),
            "confidence": draw(st.sampled_from([None, 0.3, 0.9])),
        }
        end_s = at_s + 0.3 * len(text.split()) + 0.3
        if draw(st.booleans()):
            talk.append((300, interim(text[: len(text) // 2], at_s, end_s, **more)))
        if draw(st.integers(0, 3)):
            said = final(text, at_s, end_s, **more)
            talk += [(300, said)] * draw(st.integers(1, 2))
        at_s = end_s
        if draw(st.booleans()):
            after_ms = draw(st.sampled_from([6_000, 11_000, 45_000]))
            talk.append((after_ms, interim("", None, None)))
    return talk or [(300, interim(""))]


def spoken(talk, rules=RULES):
    told = Stream(rules)
    for after_ms, segment in talk:
        told.hear(segment, after_ms=after_ms)
    return told


def total(windows, *names):
    return sum(_get(window, names) or 0 for window in windows)


def _get(window, names):
    for name in names:
        window = getattr(window, name)
    return window


@given(talks())
@settings(max_examples=60, deadline=None)
def test_the_windows_of_a_life_add_up_to_it(talk):
    told = spoken(talk).end()
    windows = told.metrics
    whole = windows[-1].whole_life
    assert windows[-1].last
    assert [window.number for window in windows] == list(range(len(windows)))
    for name in ("words", "late", "uncertain", "duplicates", "gaps", "gap_s"):
        assert round(total(windows, name) - (getattr(whole, name) or 0), 6) == 0
    for name in (
        "updates",
        "words_added",
        "words_erased",
        "stable_words_erased",
        "unstable_words",
        "final_words",
    ):
        assert total(windows, "stability", name) == getattr(whole.stability, name)
    assert max(window.stability.largest_burst for window in windows) == (
        whole.stability.largest_burst
    )
    for name, count in whole.flags.items():
        assert sum(window.flags.get(name, 0) for window in windows) == count
    assert round(sum(window.window_s for window in windows) * 1000) == (
        told.now_ms - START_MS - talk[0][0]
    )


@given(talks())
@settings(max_examples=60, deadline=None)
def test_figures_are_those_of_the_events_that_were_sent(talk):
    told = spoken(talk).end()
    whole = told.metrics[-1].whole_life
    assert whole.words == sum(len(one.text.split()) for one in told.finals)
    assert whole.uncertain == sum(one.uncertain for one in told.finals)
    assert sum(whole.flags.values()) == sum(map(len, told.flags))
    assert total(told.metrics, "cues") == len(told.cues)
    for profile, share in whole.cue_compliance.items():
        sent = [
            cue
            for cue in told.cues
            if cue.profile == profile
            and not cue.withdrawn
            and all(one.because != "next_unknown" for one in cue.compliance)
        ]
        assert share == round(sum(not cue.compliance for cue in sent) / len(sent), 4)


@given(talks())
@settings(max_examples=40, deadline=None)
def test_the_state_of_figures_is_small(talk):
    told = spoken(talk)
    if isinstance(told.state, Live):
        assert len(msgspec.json.encode(told.live.figures)) < 1_500


def test_a_crowd_of_captions_does_not_make_the_state_grow():
    told = Stream()
    for number in range(400):
        told.hear(
            final(f"This is {number}.", number, number + 1, segment_id=f"{number}"),
            after_ms=1,
        )
    assert len(msgspec.json.encode(told.live.figures)) < 2_500


def test_figures_go_on_after_a_restart():
    told = hear(interim("good morning and", 0, 2))
    told.state = msgspec.json.decode(msgspec.json.encode(told.state), type=Live)
    told.hear(final("good evening and welcome.", 0, 3)).end()
    assert told.metrics[-1].stability.words_erased == 2


def test_duplicates_and_late_captions_are_counted():
    told = hear(
        final("First.", 0, 1),
        final("First.", 0, 1),
        final("Third.", 9, 10),
        final("Second.", 4, 5),
    ).end()
    assert told.metrics[-1].duplicates == 1
    assert told.metrics[-1].late == 1


def test_words_per_minute_are_those_of_the_time_in_captions():
    told = hear(final("One two three four.", 0, 2), final("Five six.", 60, 61)).end()
    assert told.metrics[-1].words_per_minute == 120


def test_without_times_what_needs_them_is_not_known_and_never_0():
    message = hear(final("One two three.")).end().metrics[-1]
    assert message.words_per_minute is message.gaps is message.gap_s is None
    assert message.whole_life.gaps is None


def test_what_the_other_agent_knows_is_none():
    message = hear(final("One two three.")).end().metrics[-1]
    assert message.topics is None
    assert b'"agent":"merge"' in encode(message)
