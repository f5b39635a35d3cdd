"""Cues sent before it was known what follows: what they have when it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.captions import CaptionRevised, CaptionUpdated, CaptionWithdrawn, Cue
from schemas.metrics import StreamMetrics
from schemas.segment import CaptionSegment, Word
from tests.core.cues.cue_histories import current, final, grown, histories, run, why
from workers.core.captioning import deadline_ms, on_deadline, on_segment
from workers.core.cues import PROFILES, WEB, CueState, silence, step, waits_for_silence
from workers.core.cues.compliance import reading
from workers.core.cues.state import OVERLAP_S
from workers.core.cues.waiting import MAX_BYTES, MAX_WAITING, MOVED_S
from workers.core.lives import CaptionRules

BBC = PROFILES["bbc"]
ALL = st.sampled_from([*PROFILES.values()])
QUICK = "We all went home."
"""Four words: 1.33 s at 180 words a minute."""
LONG = (
    "The ferry leaves at nine in the morning and it comes back at six in the evening,"
    " so there is time enough to see it all."
)


def opens(at_s, text="And", number=1, revision=0):
    times = {"start_s": at_s, "end_s": at_s + 0.4}
    return grown(f"0-7.c{number}", revision, text, 0, times)


def quick(**fields):
    return final(QUICK, start_s=1.0, end_s=1.9, **fields)


@pytest.mark.parametrize(
    ("next_s", "end_s", "rules"),
    [
        (9.0, 2.333, {}),
        (2.35, 2.35, {}),
        (2.1, 2.1, {"max_wpm": "fast_speech"}),
        (1.9, 1.9, {"max_wpm": "fast_speech"}),
    ],
)
def test_a_cue_too_short_to_read_gets_the_silence_before_the_next_words(
    next_s, end_s, rules
):
    _, (first, again) = run([quick(), opens(next_s)], BBC)
    assert why(first) == {"max_wpm": "next_unknown"}
    assert first.end_s == 1.9
    assert (again.cue_id, again.revision) == (first.cue_id, 1)
    assert (again.lines, again.start_s) == (first.lines, 1.0)
    assert again.end_s == end_s
    assert why(again) == rules


def test_the_gap_of_a_profile_stays_free_before_the_next_words():
    netflix = PROFILES["netflix"]
    _, (_, again) = run([final("Yes.", start_s=1.0, end_s=1.2), opens(1.7)], netflix)
    assert again.end_s == pytest.approx(1.7 - netflix.min_gap_s, abs=0.001)


def test_a_cue_that_kept_all_rules_is_not_sent_again():
    kept = final(QUICK, start_s=1.0, end_s=2.6)
    state, (cue,) = run([kept, opens(3.0)], BBC)
    assert cue.compliance == ()
    assert state.waiting == ()


def test_words_that_only_grow_send_nothing_more():
    state, cues = run([quick(), opens(2.5)], BBC)
    after, more = step(state, opens(2.5, "And then", revision=1), BBC)
    assert more == ()
    assert len(cues) == 2
    assert after == state


def test_a_next_caption_that_begins_earlier_than_first_heard_takes_its_time_back():
    _, cues = run([quick(), opens(2.3), opens(2.0, "So, and", revision=1)], BBC)
    assert [cue.end_s for cue in cues] == [1.9, 2.3, 2.0]


def test_a_next_caption_that_begins_later_than_first_heard_gives_the_time():
    _, cues = run([quick(), opens(2.0), opens(3.0, revision=1)], BBC)
    assert [cue.end_s for cue in cues] == [1.9, 2.0, 2.333]
    assert cues[-1].compliance == ()


def test_a_next_caption_that_moves_by_little_sends_nothing():
    nearly = opens(2.0 + MOVED_S / 2, revision=1)
    _, cues = run([quick(), opens(2.0), nearly], BBC)
    assert [cue.end_s for cue in cues] == [1.9, 2.0]


def test_once_the_next_caption_is_final_nothing_waits_for_it():
    state, _ = run(
        [quick(), opens(4.0), final("So.", start_s=4, end_s=9, number=1)], BBC
    )
    assert state.waiting == ()


def test_after_a_next_caption_that_was_withdrawn_the_one_after_it_counts():
    gone = CaptionWithdrawn(
        stream_id="s", caption_id="0-7.c1", revision=1, reason="words_gone"
    )
    _, cues = run([quick(), opens(2.0), gone, opens(3.0, number=2)], BBC)
    assert [cue.end_s for cue in cues] == [1.9, 2.0, 2.333]


def test_who_speaks_at_once_does_not_end_the_cue_of_another():
    state, (cue,) = run([quick(), opens(1.9 - OVERLAP_S - 0.01)], BBC)
    assert why(cue) == {"max_wpm": "next_unknown"}
    assert len(state.waiting) == 1


def test_a_caption_revised_meanwhile_has_its_new_words():
    better = CaptionRevised(
        stream_id="s",
        caption_id="0-7.c0",
        revision=1,
        text="We all came home.",
        stable=17,
        final=True,
        reason="corrected",
        start_s=1.0,
        end_s=1.9,
    )
    _, cues = run([quick(), better, opens(9.0)], BBC)
    (cue,) = current(cues)
    assert cue.lines == ("We all came home.",)
    assert (cue.end_s, cue.compliance) == (2.333, ())


def test_a_caption_withdrawn_meanwhile_stays_away():
    gone = CaptionWithdrawn(
        stream_id="s", caption_id="0-7.c0", revision=1, reason="final_changed"
    )
    state, cues = run([quick(), gone, opens(9.0)], BBC)
    assert current(cues) == []
    assert state.waiting == ()


def test_a_final_corrects_a_cue_that_began_before_its_speech():
    text = LONG
    guessed = grown("0-7.c0", 0, text, len(text), {"start_s": 1.0, "end_s": 9.0})
    _, (early,) = run([guessed], BBC)
    _, cues = run([guessed, final(text, start_s=1.3, end_s=9.0)], BBC)
    again = [cue for cue in cues if cue.cue_id == early.cue_id][-1]
    assert (early.start_s, again.start_s) == (1.0, 1.3)
    assert again.lines == early.lines
    _, cues = run([guessed, final(text, start_s=1.0, end_s=9.0)], BBC)
    assert all(cue.revision == 0 for cue in cues)


def test_a_final_takes_back_what_a_guess_gave_to_the_words_before():
    text = LONG
    said = text.split()
    words = tuple(
        Word(text=word, start_s=1.0 + 0.2 * n, end_s=1.2 + 0.2 * n)
        for n, word in enumerate(said)
    )
    guessed = grown("0-7.c0", 0, text, len(text), {"start_s": 1.0, "end_s": 19.0})
    end_s = words[-1].end_s
    _, cues = run([guessed, final(text, start_s=1.0, end_s=end_s, words=words)], BBC)
    first, second, *_ = current(cues)
    assert first.revision == 1
    assert first.end_s <= second.start_s
    at = len(" ".join(first.lines).split())
    assert second.start_s == pytest.approx(words[at].start_s, abs=0.001)


def test_what_one_decision_tells_of_the_next_caption_is_known_at_once():
    state = CueState(stream_id="s", life="0-7")
    _, (cue,) = step(state, quick(), BBC, [opens(2.6)])
    assert (cue.end_s, cue.compliance) == (2.333, ())


@given(histories(), ALL, st.data())
@settings(max_examples=150)
def test_a_cue_sent_again_for_its_time_keeps_words_lines_and_start(
    events, profile, data
):
    state, cues = run(events, profile)
    at_s = data.draw(st.floats(0, 60))
    state, more = step(state, opens(at_s, number=9), profile)
    known = {cue.cue_id: cue for cue in cues}
    for cue in more:
        before = known[cue.cue_id]
        # It broke a rule when it was sent; by now it may not, and the next caption
        # turns out to begin sooner.
        assert any(why(one) for one in cues if one.cue_id == cue.cue_id)
        assert cue.revision == before.revision + 1
        assert (cue.lines, cue.start_s) == (before.lines, before.start_s)
        needed_s = max(reading(cue.lines, profile).seconds, profile.min_duration_s or 0)
        if cue.end_s > before.end_s:
            # Never further than to be read, or to close a gap that would flash.
            assert cue.end_s <= max(before.start_s + needed_s, at_s) + 0.002
            assert cue.end_s <= at_s - profile.min_gap_s + 0.002


@given(histories(), ALL)
@settings(max_examples=150)
def test_after_a_silence_no_cue_says_that_it_does_not_know_what_follows(
    events, profile
):
    state, cues = run(events, profile)
    ended, more = silence(state, profile)
    for cue in current([*cues, *more]):
        if cue.cue_id in {one.cue_id for one in more}:
            assert "next_unknown" not in why(cue).values()
    assert not waits_for_silence(ended)
    assert silence(ended, profile) == (ended, [])


@given(st.lists(st.tuples(st.text(max_size=600), st.floats(0, 3)), max_size=12), ALL)
def test_what_waits_is_bounded_whatever_is_said(said, profile):
    state = CueState(stream_id="s", life="0-7")
    for number, (text, end_s) in enumerate(said):
        event = final(text, start_s=0.0, end_s=end_s, number=number, speaker="x" * 256)
        state, _ = step(state, event, profile)
        assert len(state.waiting) <= MAX_WAITING
        for one in state.waiting:
            assert len("".join(one.lines).encode()) <= MAX_BYTES


def segment(text, start_s, end_s, *, is_final=True, **fields):
    return CaptionSegment(
        stream_id="s",
        text=text,
        start_s=start_s,
        end_s=end_s,
        is_final=is_final,
        **fields,
    )


def live(*segments, until_ms):
    """Say segments as they end, let time pass; return all that was told, and when."""
    rules = CaptionRules(profiles=(WEB,))
    state, told = None, []
    for offset, one in enumerate(segments):
        now_ms = round(one.end_s * 1000)
        state, outputs = on_segment(
            state, one, rules, place=f"0-{offset}", arrived_ms=now_ms, now_ms=now_ms
        )
        told += [(now_ms, output) for output in outputs]
    while state is not None and (due_ms := deadline_ms(state, rules)) <= until_ms:
        state, outputs = on_deadline(state, due_ms, rules)
        told += [(due_ms, output) for output in outputs]
    return told


def test_a_silence_that_lasts_gives_its_time_to_the_last_cue_once():
    told = live(
        segment("Yes", 1.0, 1.1, is_final=False),
        segment("Yes.", 1.0, 1.2),
        until_ms=3_600_000,
    )
    cues = [(at_ms, one) for at_ms, one in told if isinstance(one, Cue)]
    assert [why(one) for _, one in cues] == [{"min_duration_s": "next_unknown"}, {}]
    assert [at_ms for at_ms, _ in cues] == [1200, 6200]
    assert cues[-1][1].end_s == pytest.approx(1.0 + WEB.min_duration_s, abs=0.001)


def test_a_stream_that_ends_gives_the_last_cue_its_time():
    told = live(segment("Yes.", 1.0, 1.2, end_of_stream=True), until_ms=0)
    assert [why(one) for _, one in told if isinstance(one, Cue)][-1] == {}


def test_a_cue_counts_for_its_profile_when_it_is_known_what_follows():
    told = live(
        segment("Yes", 1.0, 1.1, is_final=False),
        segment("Yes.", 1.0, 1.2),
        until_ms=60_000,
    )
    figures = [one for _, one in told if isinstance(one, StreamMetrics)]
    assert figures[-1].whole_life.cue_compliance == {"web": 1.0}


def test_an_update_that_says_no_time_tells_nothing_of_silence():
    untimed = CaptionUpdated(
        stream_id="s",
        caption_id="0-7.c1",
        revision=0,
        text="And",
        stable=0,
        start_s=None,
        end_s=None,
    )
    _, (cue,) = run([quick(), untimed], BBC)
    assert cue.end_s == 1.9
