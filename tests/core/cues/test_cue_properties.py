"""What holds of the cues of any captions at all."""

import msgspec
import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.captions import CaptionFinal, CaptionUpdated, CaptionWithdrawn
from tests.core.cues.cue_histories import (
    TEXTS,
    current,
    final,
    grown,
    histories,
    letters,
    run,
)
from workers.core.cues import PROFILES, WEB, CueState, step
from workers.core.text.columns import columns

ALL = st.sampled_from(list(PROFILES.values()))


def last_texts(events):
    texts = {}
    for event in events:
        if isinstance(event, CaptionWithdrawn):
            texts.pop(event.caption_id, None)
        elif not isinstance(event, CaptionUpdated):
            texts[event.caption_id] = event.text
    return texts


@given(histories(), ALL)
@settings(max_examples=120)
def test_each_word_of_a_caption_is_once_and_in_order_in_its_cues(events, profile):
    _, cues = run(events, profile)
    shown = {}
    for cue in current(cues):
        (caption,) = cue.caption_ids
        shown.setdefault(caption, []).extend(cue.lines)
    expected = last_texts(events)
    for caption, text in expected.items():
        assert letters("".join(shown.pop(caption, []))) == letters(text)
    assert shown == {}


@given(histories(), ALL)
@settings(max_examples=120)
def test_no_cue_has_more_lines_or_columns_than_its_profile(events, profile):
    _, cues = run(events, profile)
    for cue in cues:
        assert len(cue.lines) <= profile.max_lines
        assert cue.withdrawn or cue.lines
        for line in cue.lines:
            assert columns(line) <= profile.max_chars
            assert line == line.strip()
            assert len(line.splitlines()) == 1


@given(histories())
def test_a_grapheme_is_never_in_two_lines(events):
    _, cues = run(events, WEB)
    ends = {}
    for cue in current(cues):
        (caption,) = cue.caption_ids
        for line in cue.lines:
            done = ends.get(caption, 0) + len(letters(line))
            ends[caption] = done
    for caption, text in last_texts(events).items():
        bounds, place = set(), 0
        for cluster in regex.findall(r"\X", text):
            place += len(letters(cluster))
            bounds.add(place)
        done = 0
        for cue in current(cues):
            if cue.caption_ids == (caption,):
                for line in cue.lines:
                    done += len(letters(line))
                    assert done in bounds


@given(histories(), ALL, st.data())
def test_dumping_and_restoring_the_state_anywhere_changes_nothing(
    events, profile, data
):
    place = data.draw(st.integers(0, len(events)))
    first, before = run(events[:place], profile)
    restored = msgspec.json.decode(msgspec.json.encode(first), type=CueState)
    assert restored == first
    end, after = run(events[place:], profile, restored)
    assert (end, before + after) == run(events, profile)


@given(histories())
@settings(max_examples=120)
def test_a_cue_from_stable_words_stands_until_a_revision(events):
    for place, event in enumerate(events):
        if not isinstance(event, (CaptionUpdated, CaptionFinal)):
            break
        _, before = run(events[:place], WEB)
        _, cues = run(events[: place + 1], WEB)
        assert cues[: len(before)] == before
        assert all(cue.revision == 0 for cue in cues)


@given(histories())
def test_cues_say_only_what_is_stable(events):
    state = CueState(stream_id="s", life="0-7")
    told = []
    for event in events:
        state, cues = step(state, event, WEB)
        told += cues
        if isinstance(event, CaptionWithdrawn):
            continue
        said = "".join(
            line
            for cue in current(told)
            if cue.caption_ids == (event.caption_id,)
            for line in cue.lines
        )
        assert letters(event.text[: event.stable]).startswith(letters(said))


@given(TEXTS, TEXTS, ALL, st.data())
def test_a_final_that_breaks_its_promise_still_has_each_word_once(
    promised, text, profile, data
):
    kept = data.draw(st.integers(0, len(text)))
    promised = text[:kept] + promised
    events = [
        grown("0-7.c0", 0, promised, stable, {})
        for stable in sorted(data.draw(st.lists(st.integers(0, len(promised)))))
    ]
    _, cues = run([*events, final(text)], profile)
    shown = "".join(line for cue in current(cues) for line in cue.lines)
    assert letters(shown) == letters(text)


@given(histories(captions=2), ALL)
@settings(max_examples=120)
def test_cues_of_a_caption_do_not_overlap_and_keep_the_gap(events, profile):
    _, cues = run(events, profile)
    ends = {}
    for cue in current(cues):
        if cue.start_s is None:
            continue
        after = ends.get(cue.caption_ids)
        assert cue.end_s >= cue.start_s
        if after is not None:
            assert cue.start_s >= after
            short = cue.start_s - after < profile.min_gap_s - 0.0015
            assert short <= ("min_gap" in cue.compliance)
        ends[cue.caption_ids] = cue.end_s


@given(histories(), ALL)
def test_a_broken_rule_is_named_and_a_kept_one_is_not(events, profile):
    _, cues = run(events, profile)
    for cue in current(cues):
        if cue.start_s is None:
            assert set(cue.compliance) <= {"token_split"}
            continue
        lasts_s = cue.end_s - cue.start_s
        named = set(cue.compliance)
        if profile.min_duration_s is not None:
            short = profile.min_duration_s - lasts_s
            assert abs(short) < 0.003 or (short > 0) == ("min_duration" in named)
        if profile.max_duration_s is not None:
            long = lasts_s - profile.max_duration_s
            assert abs(long) < 0.003 or (long > 0) == ("max_duration" in named)
        if profile.max_cps is not None:
            signs = sum(len(regex.findall(r"\X", line)) for line in cue.lines)
            fast = signs / profile.max_cps - lasts_s
            assert abs(fast) < 0.003 or (fast > 0) == ("reading_speed" in named)


@pytest.mark.parametrize(
    "sign", ["x", "漢", "👩‍👩‍👧‍👦", "e\u0301", "ไ", "a ", "\u200b", "\u0301"]
)
@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda p: p.name)
def test_sixteen_kib_of_one_sign_are_cut_and_the_state_stays_small(sign, profile):
    text = (sign * 16384)[: 16384 // len(sign.encode()) * len(sign)]
    events = [
        CaptionUpdated(
            stream_id="s",
            caption_id="0-7.c0",
            revision=0,
            text=text,
            stable=stable,
            start_s=0,
            end_s=9e6,
        )
        for stable in (len(text) // 3, len(text) // 2)
    ]
    state, cues = run([*events, final(text, end_s=9e6)], profile)
    assert letters("".join(line for cue in cues for line in cue.lines)) == letters(text)
    assert len(msgspec.json.encode(state)) <= 24 * 1024


def test_the_state_stays_small_with_the_longest_names_and_many_long_captions():
    state = CueState(stream_id="\x01" * 256, life="\x01" * 256)
    text = "word " * 1000
    for number in range(60):
        event = CaptionFinal(
            stream_id=state.stream_id,
            caption_id=f"{number}" + "\x02" * 250,
            revision=0,
            text=text[: 700 + 40 * number],
            stable=700,
            start_s=number * 1e5,
            end_s=number * 1e5 + 9e4,
        )
        state, cues = step(state, event, PROFILES["cea608"])
        assert cues
        assert len(msgspec.json.encode(state)) <= 24 * 1024


def test_a_usual_state_is_under_two_kib():
    text = "We went to the harbour in the morning and came back late in the evening."
    events = [final(text * (1 + n % 2), number=n) for n in range(40)]
    state, _ = run(events, WEB)
    assert len(msgspec.json.encode(state)) < 2048
