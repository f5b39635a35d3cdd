"""Rules 4 and 5: what was said before, and what only looks like it."""

import pytest
from told import final, hear, interim

from schemas.segment import Word

TURN = [f"Sentence {number} is here." for number in range(30)]


def test_rule_4_word_entries_without_times_hide_no_duplicate():
    words = (Word(text="Yes.", confidence=0.9),)
    yes = final("Yes.", 0, 0.4, words=words)
    assert hear(yes, yes).texts == ["Yes."]


def test_rule_5_a_word_long_before_a_window_is_none_that_it_carries_over():
    times = (("no", 2.0), ("no", 2.6), ("go", 3.0))
    words = tuple(Word(text=text, start_s=at, end_s=at + 0.4) for text, at in times)
    told = hear(
        final("no", 0, 0.4, words=(Word(text="no", start_s=0, end_s=0.4),)),
        final("no", 2, 2.4, words=words[:1]),
        final("no no go", 2, 3.4, words=words),
    )
    assert told.end().texts == ["no", "no no go"]


def test_rule_4_a_window_of_a_word_and_the_same_again_is_no_duplicate_of_both():
    times = (("no", 2.0), ("no", 2.6))
    words = tuple(Word(text=text, start_s=at, end_s=at + 0.4) for text, at in times)
    told = hear(
        final("no", 0, 0.4, words=(Word(text="no", start_s=0, end_s=0.4),)),
        final("no", 2, 2.4, words=words[:1]),
        final("no no", 2, 3, words=words),
    )
    assert told.end().texts == ["no", "no no"]


def test_rule_4_an_appended_piece_sent_twice_is_a_duplicate():
    told = hear(
        interim("how are", 0, 1, mode="append"),
        interim("how are", 0, 1, mode="append"),
        final("you?", 1, 1.5, mode="append"),
    )
    assert told.texts == ["how are you?"]


def test_rule_4_so_it_is_where_only_a_count_tells():
    told = hear(
        interim("how are", mode="append", sequence=1),
        interim("how are", mode="append", sequence=1),
        final("you?", mode="append", sequence=2),
    )
    assert told.texts == ["how are you?"]


def test_rule_4_a_named_appended_final_sent_twice_is_a_duplicate():
    told = hear(
        final("how are", 0, 1, mode="append", segment_id="a"),
        final("how are", 0, 1, mode="append", segment_id="a"),
        final("you today?", 1, 1.5, mode="append", segment_id="a"),
    )
    assert told.texts == ["how are you today?"]


def test_rule_4_finals_of_one_id_that_append_follow_each_other():
    told = hear(
        final("how are", 0, 1, mode="append", segment_id="a"),
        final("you", 1, 1.5, mode="append", segment_id="a"),
        final("today?", 1.5, 2, mode="append", segment_id="a"),
    )
    assert told.texts == ["how are you today?"]


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("times", [True, False])
def test_a_cumulative_turn_longer_than_what_is_kept_gives_each_word_once(named, times):
    told = hear(
        *(
            final(
                " ".join(TURN[: size + 1]),
                *((0, 2 * size + 2) if times else ()),
                mode="cumulative",
                **({"segment_id": "a"} if named else {}),
            )
            for size in range(len(TURN))
        )
    )
    assert told.end().texts == TURN


def test_guesses_of_a_long_cumulative_turn_give_each_word_once():
    guesses = (
        interim(" ".join(TURN[: size + 1]), mode="cumulative")
        for size in range(len(TURN))
    )
    told = hear(
        *guesses,
        final(" ".join(TURN), mode="cumulative", end_of_utterance=True),
    )
    assert told.end().texts == TURN


def test_rule_5_a_named_window_sent_again_after_a_join_is_a_duplicate():
    second = final("down to the old mill and", 4, 9, segment_id="b")
    told = hear(
        final("the river runs down to the", 0, 6, segment_id="a"), second, second
    )
    assert told.end().texts == ["the river runs down to the old mill and"]


def test_rule_4_a_final_without_a_name_sent_again_after_others_is_a_duplicate():
    short = [f"{word}." for word in "One Two Three Four Five Six Seven Eight".split()]
    finals = [final(text, at, at + 0.5) for at, text in enumerate(short)]
    assert hear(*finals, finals[0]).texts == short
