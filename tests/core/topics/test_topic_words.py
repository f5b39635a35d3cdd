"""Words, cues and what is kept of a sentence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.topics.topic_talks import TEXTS, PlainLanguage
from workers.core.topics.cues import BIT as FAMILY
from workers.core.topics.cues import FAMILIES, QUESTION, find_cues
from workers.core.topics.kept.sentence import Sentence
from workers.core.topics.lexicon import (
    KEPT,
    MAX_SENTENCE_BYTES,
    MAX_WORDS_BYTES,
    Lexicon,
    keep_within_bounds,
    words_size,
)
from workers.core.topics.sums import Sums, SumsMemo
from workers.core.topics.words import plain, stem, words

LEXICON = Lexicon(PlainLanguage())


def told(text):
    return [word for word, _ in words(plain(text))]


def test_words_are_lower_case_and_have_two_letters():
    assert told("I can\u2019t say A B, Héloïse!") == ["can't", "say", "héloïse"]


def test_a_word_follows_another_only_where_a_space_is_between():
    found = list(words("track record, village idiot's 3 ideas"))
    assert [follows for _, follows in found] == [False, True, False, True, False]


def test_scripts_without_spaces_give_pairs_of_characters():
    assert told("预算问题") == ["预算", "算问", "问题"]
    assert told("งบประมาณ")[0] == "งบ"
    assert told("이것은 예산") == ["이것은", "예산"]


def test_marks_belong_to_their_word():
    assert told("हिन्दी में") == ["हिन्दी", "में"]


@pytest.mark.parametrize(
    ("word", "same"),
    [
        ("stories", "story"),
        ("talked", "talks"),
        ("yachts", "yacht"),
        ("wind's", "wind"),
    ],
)
def test_forms_of_a_word_share_a_stem(word, same):
    assert stem(word) == stem(same)


def test_a_stem_keeps_four_letters():
    assert stem("sing") == "sing"
    assert stem("goes") == "goes"


@pytest.mark.parametrize(
    ("text", "family", "quote"),
    [
        ("So let's move on.", "move_on", "let's move"),
        ("I want to show you", "intention", "i want to show"),
        ("okay then", "discourse", ""),
        ("and then it rained", "continuation", ""),
        ("What about lunch", "asking", "what about"),
        ("the last item", "agenda", "last item"),
        ("Thank you all", "courtesy", "thank"),
    ],
)
def test_cues_are_found_and_quoted_when_they_tell_a_reader_something(
    text, family, quote
):
    bits, quoted = find_cues(plain(text), "en")
    assert bits & FAMILY[family]
    assert quoted == quote


def test_cues_are_whole_words():
    assert find_cues("nextdoor chairman outlets", "en") == (0, "")


def test_other_languages_have_questions_but_no_cues():
    assert find_cues("next, thank you?", "de") == (QUESTION, "")
    assert find_cues("本当ですか\uff1f", "ja") == (QUESTION, "")


def test_each_family_has_a_bit_of_its_own():
    assert len(set(FAMILY.values()) | {QUESTION}) == len(FAMILIES) + 1


@given(TEXTS)
def test_what_is_kept_of_any_text_is_bounded_and_means_what_it_says(text):
    kept, count = LEXICON.keep(text, "en")
    assert len(kept.encode()) <= MAX_SENTENCE_BYTES
    assert len(kept.replace(",", " ").split()) <= count
    meaning = LEXICON.meaning(Sentence(0, kept))
    assert (meaning.mass > 0) == bool(kept)


def test_neighbours_stay_together_and_common_words_go():
    kept, count = LEXICON.keep("So the sourdough starter, rye and the oven.", "en")
    assert (kept, count) == ("sourdough starter,rye,oven", 8)


@given(st.lists(st.integers(0, MAX_SENTENCE_BYTES), max_size=150))
def test_the_oldest_sentences_go_first_and_no_more_than_must(sizes):
    sentences = tuple(Sentence(n, "w" * size) for n, size in enumerate(sizes))
    kept, size = keep_within_bounds(sentences, sum(sizes))
    assert kept == sentences[len(sentences) - len(kept) :]
    assert size == sum(map(words_size, kept)) <= MAX_WORDS_BYTES
    assert len(kept) <= KEPT
    if len(kept) < min(len(sentences), KEPT):
        assert size + sizes[-len(kept) - 1] > MAX_WORDS_BYTES


@given(st.lists(st.sampled_from(("oven", "yacht,wind", "rye bread", "")), max_size=140))
def test_sums_grown_are_sums_made_anew(texts):
    memo = SumsMemo(LEXICON)
    before = ()
    for number, text in enumerate(texts):
        after = (*before, Sentence(number, text))[-KEPT:]
        grown = memo.of("life", after, number + 1, before)
        before = after
    anew = SumsMemo(LEXICON).of("life", before, len(texts)) if texts else Sums(0)
    if not texts:
        return
    first, count = anew.first, anew.count
    assert (grown.first, grown.count) == (first, count)
    ranges = [(first, count), (count - 1, count), ((first + count) // 2, count)]
    for start, end in ranges:
        assert grown.mass(start, end) == anew.mass(start, end)
        assert np.array_equal(
            grown.vectors([start], [end]), anew.vectors([start], [end])
        )
    for index in range(first, count):
        heard = [
            (key, last if last >= first else -1, units)
            for key, last, units in grown.stems_of(index)
        ]
        assert heard == anew.stems_of(index)


def test_streams_beyond_the_memo_are_summed_anew():
    memo = SumsMemo(LEXICON, streams=1)
    sentences = (Sentence(0, "oven"),)
    first = memo.of("one", sentences, 1)
    memo.of("two", sentences, 1)
    assert memo.of("one", sentences, 1) is not first
    assert memo.of("one", sentences, 1).mass(0, 1) == first.mass(0, 1)
