"""Where lines and cues end."""

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.core.cues.cue_histories import final, grown, run, why
from workers.core.cues import WEB, Profile
from workers.core.cues.search import EMPTY_LINE, NEW_CUE, cut
from workers.core.cues.unit import Unit
from workers.core.text import columns

NARROW = Profile(name="narrow", max_chars=10, max_lines=2)


def lines(text, profile=WEB, **fields):
    _, cues = run([final(text, **fields)], profile)
    return [cue.lines for cue in cues]


def test_a_caption_that_fits_one_line_has_one_line():
    assert lines("We went to the harbour.") == [("We went to the harbour.",)]


def test_a_sentence_end_is_preferred_to_even_lines():
    text = "Nobody knows. We will ask them again in the morning."
    assert lines(text) == [("Nobody knows.", "We will ask them again in the morning.")]


def test_a_comma_is_preferred_to_a_slightly_more_even_line():
    text = "When the rain had stopped, we walked home slowly."
    assert lines(text) == [("When the rain had stopped,", "we walked home slowly.")]


def test_a_line_begins_with_the_conjunction_rather_than_ends_with_it():
    text = "They closed the old station and nobody told us."
    assert lines(text) == [("They closed the old station", "and nobody told us.")]


def test_a_line_begins_with_the_preposition_rather_than_ends_with_it():
    text = "They found the missing keys under a rotten leaf."
    assert lines(text) == [("They found the missing keys", "under a rotten leaf.")]


@pytest.mark.parametrize(
    ("text", "together", "language"),
    [
        ("Everybody here believes firmly that the moon is new.", "the moon", "en"),
        ("Yesterday evening we visited Alexandra Hamilton again.", "ra Ham", "en"),
        ("Everybody was asking where Mr. Underwood had gone.", "Mr. Under", "en"),
        ("The repair of that roof will cost about 30 thousand.", "30 thou", "en"),
        ("Somebody really should turn off this heating later.", "turn off", "en"),
        ("Will one of them please pick up these boxes tomorrow.", "pick up", "en"),
        ("The paintings that Vincent van Gogh made in Provence.", "ent van G", "en"),
        ("Our neighbours said they've already seen this film.", "e already", "en"),
        ("Certainly he wanted twenty suitcases carried upstairs.", "nty suit", "en"),
        ("Gestern sagte jemand, dass die Regierung gehen wird.", "die Reg", "de"),
        ("On nous a toujours dit que la république est belle.", "la rép", "fr"),
        ("Ayer nos dijeron otra vez que el gobierno caerá hoy.", "el gob", "es"),
    ],
)
def test_what_belongs_together_stays_on_a_line_where_that_can_be(
    text, together, language
):
    (cue,) = lines(text, language=language)
    assert len(cue) == 2
    assert any(together in line for line in cue)


def test_capitals_say_nothing_of_names_where_all_nouns_have_them():
    text = "Immer bekamen wir abends Suppe Brot Käse Wasser serviert."
    before, after = "Immer bekamen wir abends", "Brot Käse Wasser serviert."
    assert lines(text, language="de") == [(f"{before} Suppe", after)]
    assert lines(text, language="en") == [(before, f"Suppe {after}")]


@given(
    st.lists(st.text("abcdefgh", min_size=1, max_size=12), min_size=2, max_size=14),
)
def test_in_a_language_without_lists_two_lines_are_as_even_as_they_can_be(said):
    while len(" ".join(said)) <= 42:  # else one line would do
        said.append("abcdefg")
    while len(" ".join(said)) > 80:
        said.pop()
    text = " ".join(said)
    cuts = [
        max(len(" ".join(said[:place])), len(" ".join(said[place:])))
        for place in range(1, len(said))
    ]
    assume(min(cuts) <= 42)
    ((first, second),) = lines(text, language="xx", end_s=6.0)
    assert max(len(first), len(second)) == min(cuts)


def test_a_long_caption_is_cut_into_even_cues_without_a_last_word_alone():
    text = (
        "I think that we should have been talking about the other thing for a very"
        " long time already today."
    )
    cues = lines(text)
    assert len(cues) == 2
    assert all(len(" ".join(cue)) >= 25 for cue in cues)


def test_japanese_lines_end_after_a_mark_or_a_particle_and_never_begin_with_a_mark():
    text = "今日は東京へ行きますが、明日は大阪で友達と会って、一緒に食べる予定です。"
    (cue,) = lines(text)
    assert cue == (
        "今日は東京へ行きますが、明日は大阪で",
        "友達と会って、一緒に食べる予定です。",
    )


def test_thai_lines_never_begin_with_a_mark_that_belongs_to_the_sign_before():
    text = "วันนี้อากาศดีมากและเราจะไปเที่ยวทะเลกับเพื่อนๆที่โรงเรียนเก่าของเรา"
    for cue in lines(text):
        for line in cue:
            assert line[0] not in "ะาำๅๆฯ"
            assert line[-1] not in "เแโใไ"


def test_korean_breaks_only_at_spaces():
    text = "안녕하세요 여러분 오늘은 날씨가 정말 좋네요 우리 모두 공원에 갑시다"
    assert " ".join(" ".join(cue) for cue in lines(text)).split() == text.split()


def test_a_space_that_does_not_break_does_not():
    text = "Vraiment on se demande toujours pourquoi\u00a0? Allons voir ailleurs."
    assert any("pourquoi\u00a0?" in line for cue in lines(text) for line in cue)


def test_a_token_longer_than_a_line_is_cut_between_graphemes_and_named():
    family = "👩‍👩‍👧‍👦"
    _, cues = run([final("look " + family * 30, end_s=6.0)], WEB)
    assert [cue.lines for cue in cues] == [("look",), (family * 21, family * 9)]
    assert [why(cue).get("token_split") for cue in cues] == [None, "long_token"]


def test_the_rest_of_a_long_token_is_named_too_when_it_comes_later():
    text = "x" * 100 + " end"
    _, cues = run([grown("0-7.c0", 0, text, 100, {}), final(text, end_s=6.0)], WEB)
    assert [cue.lines for cue in cues] == [("x" * 42, "x" * 42), ("x" * 16 + " end",)]
    assert all(why(cue)["token_split"] == "long_token" for cue in cues)


def test_a_mark_that_stands_on_a_space_takes_its_columns():
    (cue,) = lines("x" * 41 + " \u1c34")
    assert all(columns(line) <= 42 for line in cue)


def test_a_line_never_begins_with_a_space_even_one_that_does_not_break():
    assert lines("x" * 42 + "\u00a0yyy", end_s=6.0) == [("x" * 42, "yyy")]


# The search against all ways there are.


def cheapest(units, costs, profile, *, goes_on):
    """Return the least cost of all ways to cut units, each one tried."""
    count = len(units)
    best = float("inf")
    for mask in range(3 ** (count - 1)):
        # 0: on the same line, 1: a new line, 2: a new cue
        kinds = [mask // 3**place % 3 for place in range(count - 1)]
        ends = [place + 1 for place, kind in enumerate(kinds) if kind] + [count]
        starts = [0, *ends[:-1]]
        cost, cue_lines, fits = 0.0, 0, True
        for start, end in zip(starts, ends, strict=True):
            if start and kinds[start - 1] == 2:
                cost += NEW_CUE + 2 * costs[start]
                cue_lines = 1
            else:
                cost += costs[start]
                cue_lines += 1
            width = sum(unit.columns for unit in units[start:end])
            width += sum(unit.spaced for unit in units[start + 1 : end])
            fits = (
                fits and width <= profile.max_chars and cue_lines <= profile.max_lines
            )
            if not (goes_on and end == count):
                cost += EMPTY_LINE * (1 - width / profile.max_chars) ** 2
        if fits:
            best = min(best, cost)
    return best


def cost_of(cuts, units, costs, profile, *, goes_on):
    """Return what some cuts cost."""
    cost = 0.0
    for number, lines_ in enumerate(cuts):
        for place, (start, end) in enumerate(lines_):
            width = units[end - 1].end - units[start].start
            if place:
                cost += costs[start]
            elif number:
                cost += NEW_CUE + 2 * costs[start]
            if not (goes_on and end == len(units)):
                cost += EMPTY_LINE * (1 - width / profile.max_chars) ** 2
    return cost


@given(
    st.lists(st.integers(1, 10), min_size=1, max_size=6),
    st.lists(st.sampled_from([0.0, 3.0, 12.0, 32.0]), min_size=6, max_size=6),
    st.booleans(),
)
@settings(max_examples=60)
def test_the_search_finds_the_cheapest_of_all_ways(widths, drawn, goes_on):
    units, place = [], 0
    for width in widths:
        units.append(Unit(place, place + width, "x" * width, width, spaced=True))
        place += width + 1
    costs = [0.0, *drawn[: len(units) - 1]]
    found = cut(units, costs, NARROW, None, goes_on=goes_on)
    flat = [line for lines_ in found for line in lines_]
    assert flat[0][0] == 0
    assert flat[-1][1] == len(units)
    assert all(before[1] == after[0] for before, after in pairwise(flat))
    assert cost_of(found, units, costs, NARROW, goes_on=goes_on) == pytest.approx(
        cheapest(units, costs, NARROW, goes_on=goes_on)
    )
