"""When cues are shown, and which rules they name as broken."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.captions import BrokenRule, CaptionFinal, CaptionRevised
from schemas.segment import Word
from tests.core.cues.cue_histories import final, run, why
from workers.core.cues import PROFILES, WEB
from workers.core.cues.timing import Timeline

TWO = (
    "The ferry leaves at nine in the morning and comes back again at six in the"
    " evening, I am told."
)


def spoken(texts, start_s, each_s):
    """Return words one after the other, a tenth of a second between them."""
    return tuple(
        Word(
            text=text,
            start_s=start_s + place * each_s,
            end_s=start_s + (place + 1) * each_s - 0.1,
        )
        for place, text in enumerate(texts)
    )


def one(text, profile=WEB, **fields):
    _, (cue,) = run([final(text, **fields)], profile)
    return cue


def test_a_caption_of_one_cue_is_shown_as_long_as_it_lasts():
    cue = one("We went home early.", start_s=3.0, end_s=5.5)
    assert (cue.start_s, cue.end_s, cue.compliance) == (3.0, 5.5, ())


def test_without_times_a_cue_has_none_and_says_so_where_it_would_need_them():
    event = CaptionFinal(
        stream_id="s", caption_id="0-7.c0", revision=0, text=TWO, stable=len(TWO)
    )
    _, cues = run([event], WEB)
    assert len(cues) == 2
    assert all(cue.start_s is None and cue.end_s is None for cue in cues)
    assert [why(cue) for cue in cues] == [{"times": "no_times"}] * 2
    _, cues = run([event], PROFILES["cea608"])
    assert [why(cue) for cue in cues] == [{}]


def test_words_without_times_get_theirs_by_their_code_points():
    _, (first, second) = run([final(TWO, start_s=0.0, end_s=len(TWO) / 10)], WEB)
    boundary = len(" ".join(first.lines)) + 1
    assert second.start_s == pytest.approx(boundary / 10, abs=0.001)
    assert second.end_s == pytest.approx(len(TWO) / 10, abs=0.001)


def test_words_with_times_say_exactly_when_a_cue_begins():
    said = TWO.split()
    words = spoken(said[:8], 0.0, 0.4) + spoken(said[8:], 6.2, 0.4)
    _, cues = run([final(TWO, start_s=0.0, end_s=words[-1].end_s, words=words)], WEB)
    counts = [len(" ".join(cue.lines).split()) for cue in cues]
    assert len(cues) > 1
    place = 0
    for cue, count in zip(cues, counts, strict=True):
        assert cue.start_s == pytest.approx(words[place].start_s)
        assert cue.end_s >= words[place + count - 1].end_s - 0.001
        place += count


def test_words_that_are_not_in_the_text_are_passed_over():
    words = (
        Word(text="Elsewhere", start_s=90.0, end_s=91.0),
        Word(text="", start_s=90.0, end_s=91.0),
        Word(text="ferry", start_s=2.0, end_s=3.0),
    )
    _, cues = run([final(TWO, start_s=0.0, end_s=9.0, words=words)], WEB)
    assert cues[0].start_s == 0.0
    assert cues[-1].end_s == 9.0


def test_a_cue_stays_into_the_pause_after_it_for_those_who_read_slowly():
    said = TWO.split()
    words = spoken(said[:8], 0.0, 0.2) + spoken(said[8:], 6.0, 0.5)
    _, cues = run([final(TWO, start_s=0.0, end_s=words[-1].end_s, words=words)], WEB)
    first = cues[0]
    signs = sum(map(len, first.lines))
    assert first.lines[-1].endswith("morning")
    assert first.end_s == pytest.approx(signs / 20, abs=0.001)
    assert first.compliance == ()


def test_a_pause_too_short_to_be_seen_is_filled_by_the_cue_before_it():
    _, (first, second) = run([final(TWO, start_s=0.0, end_s=8.0)], WEB)
    assert first.end_s == second.start_s


def test_a_cue_that_is_too_short_is_not_stretched_into_what_nobody_knows():
    cue = one("Yes.", start_s=3.0, end_s=3.4)
    assert cue.end_s == 3.4
    assert why(cue) == {"min_duration_s": "next_unknown"}


def test_quick_words_at_the_end_get_no_cue_too_short_to_be_seen():
    text = (
        "corn over corn hills hills corn corn mills slowly mills slowly"
        " home home we slowly over slowly"
    )
    said = text.split()
    words = spoken(said[:11], 0.0, 0.5) + spoken(said[11:], 5.5, 0.12)
    event = final(text, start_s=0.0, end_s=words[-1].end_s, words=words)
    _, cues = run([event], WEB)
    assert len(cues) == 2
    assert all("min_duration_s" not in why(cue) for cue in cues)


def test_speech_faster_than_can_be_read_is_named_with_how_fast_it_was():
    words = spoken(TWO.split(), 0.0, 0.15)
    _, (first, last) = run([final(TWO, end_s=words[-1].end_s, words=words)], WEB)
    (broken,) = first.compliance
    signs = sum(map(len, first.lines))
    assert broken == BrokenRule(
        rule="max_cps",
        measured=round(signs / (first.end_s - first.start_s), 1),
        limit=20.0,
        because="fast_speech",
    )
    assert why(last) == {"max_cps": "next_unknown"}


def test_words_a_minute_are_counted_where_the_profile_asks_for_them():
    text = "one two three four five six"
    bbc = PROFILES["bbc"]
    assert one(text, bbc, start_s=0.0, end_s=2.0).compliance == ()
    (broken,) = one(text, bbc, start_s=0.0, end_s=1.5).compliance
    assert (broken.rule, broken.measured, broken.limit) == ("max_wpm", 240.0, 180.0)


def test_a_word_that_lasts_longer_than_a_cue_may_is_named():
    cue = one("Goal!", start_s=0.0, end_s=8.0)
    assert why(cue) == {"max_duration_s": "long_token"}


def test_a_slow_caption_is_cut_so_that_no_cue_lasts_too_long():
    text = "And now we wait for a very slow speaker"
    _, cues = run([final(text, start_s=0.0, end_s=20.0)], WEB)
    assert len(cues) >= 3
    assert all(cue.end_s - cue.start_s <= 7.0 for cue in cues)


def test_a_caption_of_no_length_breaks_rules_but_nothing_else():
    cue = one("Yes.", start_s=0.0, end_s=0.0)
    assert list(why(cue)) == ["max_cps", "min_duration_s"]
    assert cue.compliance[0].measured is None


def test_netflix_cues_leave_two_frames_between_them_also_from_caption_to_caption():
    netflix = PROFILES["netflix"]
    _, cues = run(
        [
            final(TWO, start_s=0.0, end_s=8.0),
            final("And so we did.", number=1, start_s=8.0, end_s=10.0),
        ],
        netflix,
    )
    assert len(cues) == 3
    for before, after in pairwise(cues):
        assert after.start_s - before.end_s == pytest.approx(2 / 24, abs=0.002)
    assert all("min_gap_s" not in why(cue) for cue in cues)


def test_the_gap_is_kept_where_the_times_of_two_captions_overlap_a_little():
    _, (first, second) = run(
        [
            final("So it was.", start_s=0.0, end_s=2.1),
            final("And so we did.", number=1, start_s=2.0, end_s=4.0),
        ],
        PROFILES["netflix"],
    )
    assert second.start_s - first.end_s == pytest.approx(2 / 24, abs=0.002)


def test_a_revised_cue_keeps_its_gap_to_the_cue_that_came_after_it():
    changed = CaptionRevised(
        stream_id="s",
        caption_id="0-7.c0",
        revision=1,
        text="So it was, they said.",
        stable=21,
        start_s=0.0,
        end_s=2.1,
        final=True,
        reason="final_changed",
    )
    _, (_, second, again) = run(
        [
            final("So it was.", start_s=0.0, end_s=1.5),
            final("And so we did.", number=1, start_s=2.0, end_s=4.0),
            changed,
        ],
        PROFILES["netflix"],
    )
    assert second.start_s - again.end_s == pytest.approx(2 / 24, abs=0.002)
    assert why(again) == {}


def test_a_cue_kept_from_before_a_revision_that_made_it_longer_says_so():
    text = "And so it went on for a while, and then the others came home as well."
    times = {"start_s": 0.0, "end_s": 6.0}
    changed = CaptionRevised(
        stream_id="s",
        caption_id="0-7.c0",
        revision=1,
        text=text,
        stable=len(text),
        start_s=0.0,
        end_s=9.0,
        final=True,
        reason="final_changed",
    )
    _, (_, again) = run([final(text, **times), changed], WEB)
    assert why(again) == {"max_duration_s": "revised"}


def test_a_cue_whose_time_another_one_has_says_so():
    before = final("We are here.", start_s=0.0, end_s=1.2)
    _, (_, cue) = run(
        [before, final("We went home at last.", number=1, start_s=1.0, end_s=2.1)], WEB
    )
    assert cue.start_s == 1.2
    assert why(cue) == {"max_cps": "other_cue"}


def test_the_gap_is_taken_from_the_cue_before_it_and_not_from_the_speech():
    words = spoken(TWO.split(), 0.0, 0.5)
    event = final(TWO, start_s=0.0, end_s=words[-1].end_s, words=words)
    _, (first, second) = run([event], PROFILES["netflix"])
    place = len(" ".join(first.lines).split())
    assert second.start_s == words[place].start_s
    assert first.end_s == pytest.approx(second.start_s - 2 / 24, abs=0.001)


@given(
    st.lists(st.tuples(st.floats(0, 99), st.floats(0, 99)), max_size=8),
    st.lists(st.integers(0, 40), min_size=2, max_size=2, unique=True).map(sorted),
)
def test_time_never_falls_along_a_caption_whatever_its_words_say(times, places):
    words = tuple(
        Word(text=f"w{n}", start_s=min(pair), end_s=max(pair))
        for n, pair in enumerate(times)
    )
    text = " ".join(word.text for word in words) + " and so on and so on"
    when = Timeline(final(text, start_s=10.0, end_s=50.0, words=words))
    early, late = (when.span(place, place + 1) for place in places)
    assert early.start_s <= late.start_s
    assert early.end_s <= late.end_s + 1e-9
    assert early.start_s <= early.end_s


def test_web_cues_leave_no_gap_where_there_is_none_in_the_speech():
    events = [final("Yes we did.", end_s=2.0), final("So.", number=1, start_s=2.0)]
    _, cues = run(events, WEB)
    assert cues[0].end_s == cues[1].start_s == 2.0
