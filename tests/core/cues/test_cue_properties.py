"""What holds of the cues of any captions at all."""

import itertools
import math

import msgspec
import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.captions import (
    CaptionFinal,
    CaptionRevised,
    CaptionUpdated,
    CaptionWithdrawn,
)
from schemas.segment import Word
from tests.core.cues.cue_histories import (
    TEXTS,
    current,
    final,
    grown,
    histories,
    letters,
    run,
    why,
)
from workers.core.cues import PROFILES, WEB, CueState, Profile, step
from workers.core.cues.remembering import find
from workers.core.cues.search import one_cue_holds
from workers.core.cues.timing import Timeline
from workers.core.cues.units import units_of
from workers.core.text.columns import columns
from workers.core.text.words import words

WALL = Profile(
    name="wall", max_chars=16, max_lines=3, max_duration_s=4.0, speakers="dashes"
)
"""One as people set it: few columns, two of them for dashes."""
ALL = st.sampled_from([*PROFILES.values(), WALL])


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
            assert columns(line) <= profile.text_chars
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
        first = {cue.cue_id: cue.lines for cue in reversed(cues)}
        assert all(first[cue.cue_id] == cue.lines for cue in cues)


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
            assert short <= ("min_gap_s" in why(cue))
        ends[cue.caption_ids] = cue.end_s


@given(histories(), ALL)
def test_a_broken_rule_is_named_and_a_kept_one_is_not(events, profile):
    _, cues = run(events, profile)
    for cue in current(cues):
        named = {broken.rule: broken for broken in cue.compliance}
        if cue.start_s is None:
            assert set(named) <= {"token_split", "times"}
            continue
        lasts_s = cue.end_s - cue.start_s
        signs = sum(len(regex.findall(r"\X", line)) for line in cue.lines)
        counted = sum(len(words(line)) for line in cue.lines)
        for rule, needed_s in (
            ("min_duration_s", profile.min_duration_s),
            ("max_cps", profile.max_cps and signs / profile.max_cps),
            ("max_wpm", profile.max_wpm and 60 * counted / profile.max_wpm),
        ):
            short = (needed_s or 0.0) - lasts_s
            assert abs(short) < 0.003 or (short > 0) == (rule in named)
        long = lasts_s - (profile.max_duration_s or lasts_s)
        assert abs(long) < 0.003 or (long > 0) == ("max_duration_s" in named)
        for rule, broken in named.items():
            if rule == "token_split" or broken.measured is None:
                continue
            above = broken.measured > broken.limit
            assert above == rule.startswith("max")


def long_words(kind, revision, last):
    """Return an event of a caption that ends in a word of so many letters."""
    text = "a " * 11 + "x" * last
    return kind(
        stream_id="s",
        caption_id="0-7.c0",
        revision=revision,
        text=text,
        stable=len(text),
        start_s=0.0,
        end_s=61.5,
    )


def a_stable_word_grows(before, after):
    """Tell whether a caption goes on inside a word that it had called stable."""
    if isinstance(after, CaptionWithdrawn) or before.caption_id != after.caption_id:
        return False
    seam = after.text[before.stable - 1 : before.stable + 1] if before.stable else ""
    return len(seam) == 2 and not any(sign.isspace() for sign in seam)


@given(histories(), ALL)
@example(
    [
        long_words(CaptionUpdated, revision=0, last=17),
        long_words(CaptionFinal, revision=1, last=100),
    ],
    WEB,
)
def test_a_rule_is_broken_for_a_reason_that_holds(events, profile):
    _, cues = run(events, profile)
    revised = any(isinstance(event, CaptionRevised) for event in events)
    revised = revised or any(
        a_stable_word_grows(*pair) for pair in itertools.pairwise(events)
    )
    for cue in cues:
        for broken in cue.compliance:
            match broken.because:
                case "no_times":
                    assert cue.start_s is None
                case "revised":
                    assert revised
                case "long_token" if broken.rule == "max_duration_s":
                    assert len(cue.lines) == 1
                case "long_token":
                    assert broken.rule == "token_split"
                case "fast_speech":
                    assert broken.rule in {"max_cps", "max_wpm"}
                case "other_cue" | "next_unknown":
                    assert broken.rule != "max_duration_s"


@given(histories(), ALL)
@settings(max_examples=150)
def test_no_stable_text_waits_longer_than_a_full_cue_or_the_longest_one(
    events, profile
):
    """Whatever has happened, what is stable and in no cue is less than one cue."""
    state = CueState(stream_id="s", life="0-7")
    told = []
    for event in events:
        state, cues = step(state, event, profile)
        told += cues
        if isinstance(event, CaptionWithdrawn):
            continue
        shown = letters(
            "".join(
                line
                for cue in current(told)
                if cue.caption_ids == (event.caption_id,)
                for line in cue.lines
            )
        )
        done = 0
        while letters(event.text[:done]) != shown:
            done += 1
        is_final = not isinstance(event, CaptionUpdated) and (
            isinstance(event, CaptionFinal) or event.final
        )
        waiting = units_of(event.text, done, event.stable, profile.text_chars)
        if is_final:
            assert waiting == []
        if not waiting:
            continue
        assert one_cue_holds(waiting, profile)
        if event.text[event.stable :][:1].isspace() and len(waiting) > 1:
            # Its last word cannot grow, so that nothing need wait for its end.
            when = Timeline(event)
            limit_s = profile.max_duration_s or math.inf
            if when.known():
                start_s = when.span(waiting[0].start, waiting[-1].end).start_s
                shown_s = find(state, event.caption_id)
                start_s = max(start_s, (shown_s and shown_s.end_s) or 0.0)
                assert when.end_s() - start_s <= limit_s


def test_a_caption_known_to_outlast_its_last_word_keeps_no_stable_text_waiting():
    wall = Profile(name="wall", max_chars=16, max_lines=3, max_duration_s=4.0)
    caption = CaptionUpdated(
        stream_id="s",
        caption_id="0-7.c0",
        revision=0,
        text="000𠀀 a",
        stable=4,
        start_s=0.0,
        end_s=5.7,
        words=(
            Word(text="000𠀀", start_s=0.0, end_s=1.3),
            Word(text="a", start_s=3.3, end_s=3.7),
        ),
    )
    _, cues = step(CueState(stream_id="s", life="0-7"), caption, wall)
    assert [cue.lines for cue in cues] == [("000𠀀",)]


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


def test_eight_profiles_of_one_stream_are_small_together_whatever_is_said():
    tall = {"max_chars": 4, "max_lines": 15, "max_duration_s": 9.0}
    profiles = [Profile(name=f"{n}" * 32, **tall) for n in range(1, 9)]
    total = 0
    for profile in profiles:
        state = CueState(
            stream_id="\x01" * 256, life="11-99999999", profile=profile.name, sharing=8
        )
        for number in range(30):
            event = CaptionFinal(
                stream_id=state.stream_id,
                caption_id=f"11-99999999.c{number}",
                revision=0,
                text="a b " * 150,
                stable=600,
                start_s=9e6 + number * 15.123,
                end_s=9e6 + number * 15.123 + 15,
            )
            state, cues = step(state, event, profile)
            assert cues
        total += len(msgspec.json.encode(state))
    assert total <= 48 * 1024


def test_a_state_of_many_lines_is_small_too():
    profile = Profile(name="tall", max_chars=4, max_lines=15)
    state = CueState(stream_id="s", life="0-7")
    for number in range(30):
        state, _ = step(state, final("ab cd " * 300, number=number), profile)
        assert len(msgspec.json.encode(state)) <= 24 * 1024


def test_a_usual_state_is_under_two_kib():
    text = "We went to the harbour in the morning and came back late in the evening."
    events = [final(text * (1 + n % 2), number=n) for n in range(40)]
    state, _ = run(events, WEB)
    assert len(msgspec.json.encode(state)) < 2048
