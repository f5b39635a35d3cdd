"""Words taken from a segment: what is known of each stays with it."""

from told import final

from schemas.segment import Word
from workers.core.merging.words import hear


def test_words_without_times_keep_what_else_is_known_of_them():
    given = (
        Word(text="good", is_final=True, confidence=0.9),
        Word(text="day", is_final=False, confidence=0.4),
    )
    heard = hear(final("good day", 1, 3, words=given), 10.0)
    assert [(word.sure, word.confidence) for word in heard] == [
        (True, 0.9),
        (False, 0.4),
    ]
    assert heard[0].start_s == 11
    assert heard[-1].end_s == 13
