"""Rules 2 and 3: what a final does not take, and finals that never come."""

from told import Told, final, hear, interim

from schemas.segment import Word


def timed(text, each_s=0.5):
    return tuple(
        Word(text=word, start_s=place * each_s, end_s=place * each_s + 0.4)
        for place, word in enumerate(text.split())
    )


def test_rule_2_a_shorter_final_that_ends_with_the_same_word_leaves_the_rest():
    told = hear(interim("so we go so", 0, 2), final("so", 0, 0.4))
    assert told.end().texts == ["so we go so"]


def test_rule_2_so_it_does_where_words_have_times():
    text = "so we go so"
    told = hear(interim(text, 0, 2, words=timed(text)), final("so", 0, 0.4))
    assert told.end().texts == [text]


def test_rule_2_of_a_word_said_three_times_a_final_takes_one():
    told = hear(interim("no no no more", 0, 2), final("no", 0, 0.4))
    assert told.end().texts == ["no no no more"]


def test_rule_2_what_is_left_belongs_to_the_segment_that_says_it_next():
    told = hear(
        final("There in", 0.4, 1.12, segment_id="a"),
        interim("in river.", 1.24, 1.76, segment_id="b"),
        final("in", 1.24, 1.48, segment_id="b"),
        final("river.", 1.6, 1.76, segment_id="c"),
    )
    assert told.end().texts == ["There in in river."]


def test_rule_2_so_it_does_where_that_segment_never_gets_a_final():
    told = hear(
        interim("It yes down to!", 0.6, 1.5, segment_id="a"),
        final("It yes", 0.6, 1.14, segment_id="a"),
        interim("down to!", 1.14, 1.5, segment_id="b"),
    )
    assert told.end().texts == ["It yes down to!"]


def test_rule_2_a_final_that_comes_late_takes_the_place_of_its_guess():
    told = hear(
        interim("good day", 0, 1, segment_id="a"),
        final("then we left.", 3, 5, segment_id="b"),
        final("Good day.", 0, 1, segment_id="a"),
    )
    assert told.end().texts == ["Good day.", "then we left."]
    assert not any(caption.late for caption in told.finals)


def test_rule_2_so_does_one_without_a_name():
    told = hear(
        interim("good day", 0, 1),
        final("then we left.", 3, 5),
        final("Good day.", 0, 1),
    )
    assert told.end().texts == ["Good day.", "then we left."]


def test_rule_2_a_guess_that_comes_after_its_final_changes_nothing():
    for guess in ("the cat sad", "the cat said", "the cat"):
        told = hear(final("The cat sat down.", 0, 1.4), interim(guess, 0, 1))
        assert told.end().texts == ["The cat sat down."]
        assert told.outcomes[-1] == "late_interim"


def test_rule_3_an_empty_final_promotes_no_word_beyond_its_time():
    told = hear(interim("Boats and so people?", 1.2, 2.24), final("", 1.2, 1.7))
    told.hear(final("so people?", 1.74, 2.24))
    assert told.end().texts == ["Boats and so people?"]


def test_rule_3_what_an_empty_final_leaves_goes_to_the_next_named_segment():
    told = hear(
        interim("Boats and so people?", 1.2, 2.24, segment_id="a"),
        final("", 1.2, 1.7, segment_id="a"),
        final("so people?", 1.74, 2.24, segment_id="b"),
    )
    assert told.end().texts == ["Boats and so people?"]


def test_rule_3_an_empty_final_with_nothing_open_says_nothing():
    told = Told().hear(final("", 0, 1))
    assert told.outcomes == ["empty"]
    assert not told.end().texts
