"""Rule 13: finals that change what stands."""

from told import Told, final, hear, interim

from schemas.captions import CaptionRevised
from schemas.segment import Word


def promoted(*guesses):
    return hear(*guesses).silence()


def is_certain(told):
    return not any(caption.uncertain for caption in told.screen.values())


def test_rule_13_one_final_settles_all_promoted_words_in_its_time():
    told = promoted(interim("see you", 0, 1), interim("tomorow then", 1.2, 2))
    told.hear(final("See you tomorrow then.", 0, 2))
    assert told.end().texts == ["See you tomorrow then."]
    assert is_certain(told)


def test_rule_13_so_does_one_with_another_name():
    told = promoted(
        interim("see you", 0, 1, segment_id="a"),
        interim("tomorow then", 1.2, 2, segment_id="b"),
    )
    told.hear(final("See you tomorrow then.", 0, 2, segment_id="c"))
    assert told.end().texts == ["See you tomorrow then."]


def test_rule_13_two_finals_settle_one_promoted_guess_between_them():
    told = promoted(interim("we will go home now", 0, 4))
    told.hear(final("We will", 0, 1.5)).hear(final("go home now.", 1.5, 4))
    assert " ".join(told.end().texts) == "We will go home now."


def test_rule_13_a_guess_that_goes_on_after_it_was_promoted_doubles_nothing():
    told = promoted(interim("we will go", 0, 2))
    told.hear(interim("we will go home now.", 0.06, 4))
    told.hear(final("we will go home now. Bye.", 0.06, 5))
    assert " ".join(told.end().texts) == "we will go home now. Bye."


def test_rule_13_a_formatted_final_of_the_same_turn_is_told():
    for ends in (False, True):
        told = hear(
            final("hello world it is me", 0, 2, segment_id="a", end_of_utterance=ends),
            final(
                "Hello, world. It is me.", 0, 2, segment_id="a", end_of_utterance=ends
            ),
        ).end()
        assert " ".join(told.texts) == "Hello, world. It is me."


def test_rule_13_it_is_told_of_a_closed_caption_by_a_revision():
    told = hear(
        final("hello world", 0, 2, segment_id="a", end_of_utterance=True),
        final("Hello, world.", 0, 2, segment_id="a", end_of_utterance=True),
    )
    assert isinstance(told.messages[-1], CaptionRevised)


def test_no_caption_ends_before_it_starts():
    words = (
        Word(text="one", start_s=5, end_s=6),
        Word(text="two", start_s=4, end_s=4.5),
    )
    told = Told().hear(final("one two", 4, 6, words=words)).end()
    assert all(caption.end_s >= caption.start_s for caption in told.finals)
