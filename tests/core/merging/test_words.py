"""Words taken from a segment: what is known of each stays with it."""

from told import final

from schemas.segment import Word
from workers.core.merging.kept import words_by_source
from workers.core.merging.state import Closed, Source
from workers.core.merging.words import hear


def test_words_without_times_keep_what_else_is_known_of_them():
    given = (
        Word(text="good", is_final=True, confidence=0.9),
        Word(text="day", is_final=False, confidence=0.4),
    )
    heard = hear(final("good day", 1, 3, words=given), 10.0, (11.0, 13.0))
    assert [(word.sure, word.confidence) for word in heard] == [
        (True, 0.9),
        (False, 0.4),
    ]
    assert heard[0].start_s == 11
    assert heard[-1].end_s == 13


def test_a_segment_whose_words_are_read_as_those_before_them_has_none():
    # A caption that ends inside a token longer than any word: its parts are one word.
    sources = (Source("a", 2, 0.0, 1.0), Source("b", 1, 1.0, 2.0))
    found = words_by_source(Closed(0, 0, "www.one- two-three-", sources))
    assert [[word.text for word in words] for _, words in found] == [
        ["www.one-", "two-three-"],
        [],
    ]
