"""What holds of the cues of any finished recording."""

from itertools import pairwise

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.captions import CaptionFinal
from tests.core.cues.cue_histories import TEXTS, letters, timed, why
from workers.core.cues import PROFILES, Profile
from workers.core.cues.penalties import SENTENCE
from workers.core.cues.reflow import reflow
from workers.core.cues.reflow.passages import Passage, passages
from workers.core.cues.reflow.search import (
    BEGUN,
    CUE_END,
    EMPTY,
    _costs,
    cut_passage,
)
from workers.core.cues.reflow.timing import EARLY_S, LEAST_S, LONGEST_S
from workers.core.cues.search import EMPTY_LINE, NEW_CUE
from workers.core.cues.timing import Timeline
from workers.core.cues.unit import Unit
from workers.core.text.columns import columns
from workers.core.text.words import words

BOTH = Profile(
    name="both",
    max_chars=30,
    max_lines=2,
    max_cps=15.0,
    min_duration_s=1.0,
    max_duration_s=6.0,
    min_gap_s=0.1,
    speakers="together",
)
ALL = st.sampled_from([*PROFILES.values(), BOTH])
SHORT = st.sampled_from(["Yes.", "No, no.", "Who is that?", "Go on.", "東京。", "well"])


@st.composite
def recordings(draw):
    """Draw final captions in the order of their start: pauses, overlaps, no times."""
    captions, start_s = [], 0.0
    for number in range(draw(st.integers(0, 6))):
        text = draw(SHORT | SHORT | TEXTS)
        times = draw(timed(text, start_s))
        captions.append(
            CaptionFinal(
                stream_id="s",
                caption_id=f"0-7.c{number}",
                revision=0,
                text=text,
                stable=len(text),
                speaker=draw(st.sampled_from(["Ada", "Bo", None])),
                **times,
            )
        )
        lasts_s = times.get("end_s", start_s) - start_s
        pause_s = draw(st.sampled_from([0.0, 0.05, 0.3, 0.9, 3.0, -lasts_s / 2]))
        start_s += lasts_s + pause_s
    return captions


@given(recordings(), ALL)
@settings(max_examples=150)
def test_each_word_is_in_one_cue_of_its_caption_and_in_order(captions, profile):
    cues = reflow(captions, profile)
    for voice in {caption.speaker for caption in captions}:
        said = [one.text for one in captions if one.speaker == voice]
        shown = [
            line
            for cue in cues
            for line, speaker in zip(
                cue.lines,
                cue.line_speakers or [cue.speaker] * len(cue.lines),
                strict=True,
            )
            if speaker == voice
        ]
        assert letters("".join(shown)) == letters("".join(said))
    named = {name for cue in cues for name in cue.caption_ids}
    assert named == {one.caption_id for one in captions if letters(one.text)}


@given(recordings(), ALL)
@settings(max_examples=150)
def test_no_cue_has_more_lines_or_columns_than_its_profile(captions, profile):
    for cue in reflow(captions, profile):
        assert 1 <= len(cue.lines) <= profile.max_lines
        for line in cue.lines:
            assert line
            assert line == line.strip()
            assert columns(line) <= profile.text_chars


@given(recordings(), ALL)
@settings(max_examples=150)
def test_cues_do_not_overlap_and_keep_their_gap_whoever_speaks(captions, profile):
    timed_cues = [cue for cue in reflow(captions, profile) if cue.start_s is not None]
    for before, after in pairwise(timed_cues):
        assert after.start_s - before.end_s >= profile.min_gap_s - 0.0015
        assert "min_gap_s" not in why(before)


@given(recordings(), ALL)
def test_two_speakers_are_in_one_cue_only_if_the_profile_says_so(captions, profile):
    for cue in reflow(captions, profile):
        if cue.line_speakers is not None:
            assert profile.speakers == "together"
            assert cue.speaker is None
            assert len(cue.lines) == len(set(cue.line_speakers)) == 2
        else:
            voices = {
                one.speaker for one in captions if one.caption_id in cue.caption_ids
            }
            assert voices == {cue.speaker}


@given(recordings(), ALL)
def test_a_cue_comes_with_its_words_and_stays_for_them(captions, profile):
    by_id = {caption.caption_id: caption for caption in captions}
    for cue in reflow(captions, profile):
        if cue.start_s is None:
            assert cue.end_s is None
            continue
        starts = [Timeline(by_id[name]) for name in cue.caption_ids]
        assert all(when.known() for when in starts)
        first = by_id[cue.caption_ids[0]]
        said_s = Timeline(first)
        assert said_s.known()
        assert cue.start_s >= said_s.span(0, len(first.text)).start_s - EARLY_S - 0.001
        signs = sum(len(regex.findall(r"\X", line)) for line in cue.lines)
        least_s = min(
            max(profile.min_duration_s or 0.0, signs / (profile.max_cps or 1e9)),
            LEAST_S,
        )
        assert cue.end_s - cue.start_s >= least_s - 0.0015


@given(recordings(), ALL)
def test_a_broken_rule_is_named_with_a_reason_that_holds(captions, profile):
    cues = [cue for cue in reflow(captions, profile) if cue.start_s is not None]
    for cue in cues:
        named = why(cue)
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
            if rule in named:
                assert named[rule] in {"fast_speech", "other_cue"}
        limit_s = profile.max_duration_s or LONGEST_S
        if lasts_s > limit_s + 0.003:
            assert len(cue.lines) == 1
            if profile.max_duration_s is not None:
                assert named["max_duration_s"] == "long_token"
        else:
            assert "max_duration_s" not in named
    if cues:
        assert not {"min_duration_s", "max_cps", "max_wpm"} & set(why(cues[-1]))


@given(recordings(), ALL)
def test_ids_are_given_once_and_are_none_of_the_live_ones(captions, profile):
    named = [cue.cue_id for cue in reflow(captions, profile)]
    assert len(set(named)) == len(named)
    assert all(name.startswith(f"0-7.{profile.name}.r") for name in named)


@given(recordings(), ALL)
def test_the_same_recording_gives_the_same_cues(captions, profile):
    assert reflow(captions, profile) == reflow(list(captions), profile)


NARROW = Profile(name="narrow", max_chars=10, max_lines=2)


def cost(cuts, passage, costs, profile):
    """Return what some cuts cost, by the rules as the documents tell them."""
    total = 0.0
    count = len(passage.units)
    bounds = [0, *(n for n in range(1, count) if costs[n] == SENTENCE), count]
    for number, lines in enumerate(cuts):
        first, end = lines[0][0], lines[-1][1]
        if number:
            total += NEW_CUE + CUE_END * costs[first]
        whole = 0.0
        for place, (start, stop) in enumerate(lines):
            width = passage.units[stop - 1].end - passage.units[start].start
            if width > profile.max_chars or len(lines) > profile.max_lines:
                return float("inf")
            if place:
                whole += costs[start]
            whole += EMPTY_LINE * (1 - width / profile.max_chars) ** 2
        said = sum(unit.columns + 1 for unit in passage.units[first:end])
        even = said / len(lines) - 1
        share = 1 - even / profile.max_chars
        total += whole - (1 - EMPTY) * EMPTY_LINE * len(lines) * share**2
        if end not in bounds and any(first < bound < end for bound in bounds):
            total += BEGUN
    return total


def all_cuts(count):
    """Yield every way to put units on lines and lines into cues."""
    for mask in range(3 ** (count - 1)):
        kinds = [mask // 3**place % 3 for place in range(count - 1)]
        cuts, lines, start = [], [], 0
        for place, kind in enumerate([*kinds, 2]):
            if kind:
                lines.append((start, place + 1))
                start = place + 1
            if kind == 2:
                cuts.append(tuple(lines))
                lines = []
        yield cuts


@given(st.lists(st.sampled_from(["a", "the", "rain.", "We", "harbour,"]), min_size=1))
@settings(max_examples=60)
def test_the_search_finds_the_cheapest_of_all_ways(said):
    units, place = [], 0
    for word in said[:7]:
        units.append(Unit(place, place + len(word), word, len(word), spaced=True))
        place += len(word) + 1
    (caption,) = [
        CaptionFinal(
            stream_id="s",
            caption_id="0-0.c0",
            revision=0,
            text=" ".join(said[:7]),
            stable=place - 1,
        )
    ]
    passage = Passage((caption,), tuple(units), (0,) * len(units), None)
    assert list(passages([caption], NARROW)) == [passage]
    costs = _costs(passage)
    found = cost(cut_passage(passage, NARROW, 1e9), passage, costs, NARROW)
    least = min(cost(cuts, passage, costs, NARROW) for cuts in all_cuts(len(units)))
    assert found == pytest.approx(least)
