"""Rule 1: which segment a message speaks of."""

import pytest
from told import Told, final, hear, interim


def test_rule_1_a_boundary_that_moves_on_loses_no_word():
    told = hear(interim("The then?", 1.9, 2.52), final("then?", 2.28, 2.52))
    assert told.end().texts == ["The then?"]


def test_rule_1_a_boundary_that_moves_on_in_a_guess_loses_no_word():
    told = hear(
        interim("The then?", 1.9, 2.52),
        interim("then?", 2.28, 2.52),
        final("then?", 2.28, 2.52),
    )
    assert told.end().texts == ["The then?"]


def test_rule_1_a_guess_that_begins_a_little_early_takes_no_words_of_another():
    told = hear(
        interim("hello there", 0, 2),
        interim("next thing", 1.9, 3),
        final("next thing", 1.9, 3),
    )
    assert told.end().texts == ["hello there next thing"]


@pytest.mark.parametrize("name", ["~s0", "~t0", "~s1500"])
def test_rule_1_no_id_of_a_provider_is_one_of_our_own_names(name):
    told = hear(interim("One two.", 0, 1), final("Three.", 1.5, 2, segment_id=name))
    assert told.end().texts == ["One two.", "Three."]


def test_rule_1_ids_that_differ_only_in_their_end_are_two_segments():
    long = "x" * 240
    told = hear(
        final("One.", 0, 1, segment_id=f"{long}1"),
        final("Two.", 1, 2, segment_id=f"{long}2"),
        final("Two!", 1, 2, segment_id=f"{long}2"),
    )
    assert told.texts == ["One.", "Two!"]


def test_rule_1_two_who_speak_at_once_on_one_channel_take_no_words_of_each_other():
    told = Told()
    told.hear(interim("I think that we should", 0, 2, segment_id="a", speaker="Ann"))
    told.hear(final("yeah", 1, 1.5, segment_id="b", speaker="Bo"))
    assert sorted(told.end().texts) == ["I think that we should", "yeah"]
