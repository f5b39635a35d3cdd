"""The places where a line may end, and what each costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.core.cues.penalties import (
    AFTER_SMALL,
    BOUND,
    CLAUSE,
    CONJUNCTION,
    DESCRIBED,
    LED,
    PART,
    PLAIN,
    PREPOSITION,
    SENTENCE,
    break_costs,
)
from workers.core.cues.units import units_of


def texts(text, max_chars=10):
    return [unit.text for unit in units_of(text, 0, len(text), max_chars)]


def last_cost(text, language="en", max_chars=42):
    return break_costs(units_of(text, 0, len(text), max_chars), language)[-1]


@given(st.text(max_size=80), st.integers(0, 80))
def test_more_text_moves_no_place_where_a_line_may_end(text, end):
    whole = units_of(text, 0, len(text), 10)
    part = units_of(text, 0, min(end, len(text)), 10)
    for early, late in zip(part[:-1], whole, strict=False):
        assert early == late


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("one  two\nthree", ["one", "two", "three"]),
        ("won\u00a0?", ["won\u00a0?"]),
        ("東京「駅」、", ["東", "京", "「駅」、"]),
        ("漢\u200b\u200b字", ["漢\u200b\u200b", "字"]),
        ("ไทยะ", ["ไท", "ยะ"]),
        ("\u0600漢字", ["\u0600漢", "字"]),
        ("abcdefghijklm", ["abcdefghij", "klm"]),
        ("漢" * 6 + "!!", [*"漢漢漢漢漢", "漢!!"]),
        ("한국어 말", ["한국어", "말"]),
    ],
)
def test_units_are_cut_at_spaces_between_words_or_between_graphemes(text, units):
    assert texts(text) == units


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("yesterday. Tomorrow", SENTENCE),
        ("yesterday.” Tomorrow", SENTENCE),
        ("today, tomorrow", CLAUSE),
        ("“today,” tomorrow", CLAUSE),
        ("tomorrow and", CONJUNCTION),
        ("tomorrow in", PREPOSITION),
        ("rainy tomorrow", PLAIN),
        ("they rain", LED),
        ("the rain", BOUND),
        ("“the rain", BOUND),
        ("30 ships", BOUND),
        ("see Mr. Underwood", BOUND),
        ("Ada Lovelace", BOUND),
        ("rain I'm", PLAIN),
        ("of rain", AFTER_SMALL),
        ("they’ve rained", LED),
        ("it doesn't rain", LED),
        ("Anna's umbrella", LED),
        ("pick up", LED),
        ("walk up", PREPOSITION),
        ("hurt himself", LED),
        ("terrible storm", DESCRIBED),
        ("twenty storms", DESCRIBED),
        ("3.5 percent", BOUND),
        ("$1,200 million", BOUND),
        ("room 12", BOUND),
        ("about 12", AFTER_SMALL),
        ("Vincent van", BOUND),
        ("van Gogh", BOUND),
        ("THE SHIP SAILED HOME", PLAIN),
        ("x" * 50, PART),
        ("東京。駅", SENTENCE),
        ("東京、駅", CLAUSE),
        ("は駅", PREPOSITION),
        ("お駅", PLAIN),
        ("東京", PLAIN),
    ],
)
def test_the_ladder_of_costs_is_that_of_the_guides(text, cost):
    assert last_cost(text) == cost


def test_the_ladder_rises_from_the_end_of_a_sentence_to_the_inside_of_a_word():
    ladder = [SENTENCE, CLAUSE, CONJUNCTION, PREPOSITION, PLAIN, DESCRIBED]
    ladder += [LED, AFTER_SMALL, BOUND, PART]
    assert ladder == sorted(set(ladder))


def test_a_language_without_lists_and_no_language_differ():
    assert last_cost("the rain", None) == BOUND
    assert last_cost("the rain", "sv-SE") == PLAIN
    assert last_cost("der Regen", "de-AT") == BOUND
