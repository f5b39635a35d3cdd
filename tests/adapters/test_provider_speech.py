"""Words out of pieces, and utterances that grow out of them."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from workers.adapters.providers.growing import LONGEST, Growing, finished, grown
from workers.adapters.providers.speech import LEAST_S, Piece, said, tokens_of

FIELDS = {"stream_id": "s", "provider": "p"}
WORD = st.text(st.sampled_from("abcdé'-語"), min_size=1, max_size=12)
WORDS = st.lists(WORD, min_size=1, max_size=12)


@st.composite
def cut(draw, words=WORDS):
    """A text, and the pieces that somebody cut it into, one after another."""
    text = " ".join(draw(words))
    places = draw(st.sets(st.integers(1, max(1, len(text) - 1)), max_size=20))
    ends = [0, *sorted(places), len(text)]
    pieces = [
        Piece(text[a:b], a * 0.1, b * 0.1, 0.5) for a, b in pairwise(ends) if text[a:b]
    ]
    return text, pieces


@given(cut())
def test_however_a_text_is_cut_each_of_its_words_has_the_time_of_its_letters(made):
    text, pieces = made
    tokens = tokens_of(text, pieces)
    assert "".join(one.word.text for one in tokens) == text.replace(" ", "")
    starts = [one.word.start_s for one in tokens]
    ends = [one.word.end_s for one in tokens]
    assert starts == sorted(starts)
    assert all(a <= b for a, b in zip(starts, ends, strict=True))
    assert all(
        end <= start + 1e-6 for end, start in zip(ends, starts[1:], strict=False)
    )


@given(WORDS)
def test_marks_that_are_items_of_their_own_belong_to_the_word_before(words):
    text = " ".join(f"{word}," for word in words)
    pieces = []
    for n, word in enumerate(words):
        pieces += [Piece(word, n, n + 0.8, 0.9), Piece(",", n + 0.8, n + 0.8)]
    tokens = tokens_of(text, pieces)
    if not any("語" in word for word in words):
        assert [one.word.text for one in tokens] == text.split()
        assert [one.word.start_s for one in tokens] == list(range(len(words)))
        assert {one.word.confidence for one in tokens} == {0.9}


def test_words_without_the_marks_of_the_text_are_told_by_their_number():
    pieces = [Piece("its", 1, 2), Piece("late", 2, 3)]
    tokens = tokens_of("It's late!", pieces)
    assert [one.word.text for one in tokens] == ["It's", "late!"]
    assert [one.word.start_s for one in tokens] == [1, 2]


def test_words_that_are_neither_the_text_nor_as_many_tell_nothing():
    (segment,) = said("21 boats", [Piece("twenty", 0, 1)], is_final=True, **FIELDS)
    assert (segment.text, segment.words) == ("21 boats", None)


def test_a_word_is_final_only_if_all_its_pieces_are():
    pieces = [Piece("fer", 0, 1, None, True), Piece("ry", 1, 2, None, False)]
    (token,) = tokens_of("ferry", pieces)
    assert token.word.is_final is False


@given(cut(), st.data())
def test_a_cut_between_speakers_keeps_every_word_and_the_whole_span(made, data):
    text, pieces = made
    names = st.sampled_from(["anna", "ben", None])
    pieces = [
        Piece(one.text, one.start_s, one.end_s, None, None, data.draw(names))
        for one in pieces
    ]
    span = {"start_s": 0.0, "end_s": len(text) * 0.1}
    parts = said(text, pieces, split_speakers=True, is_final=True, **span, **FIELDS)
    assert "".join("".join(one.text.split()) for one in parts) == text.replace(" ", "")
    assert parts[0].start_s == 0
    assert parts[-1].end_s >= round(span["end_s"], 3)
    for before, after in pairwise(parts):
        assert before.speaker != after.speaker
        assert before.end_s <= after.start_s + LEAST_S + 1e-6


@st.composite
def sentences(draw):
    """Sentences as one text, with a space before each word, in pieces."""
    words = []
    for sentence in draw(st.lists(WORDS, min_size=1, max_size=6)):
        words += [*sentence[:-1], f"{sentence[-1]}x."]
    return "".join(f" {word}" for word in words)


@given(sentences(), st.data())
def test_however_speech_is_sent_its_finals_hold_every_word_once_and_in_order(
    text, data
):
    places = data.draw(st.sets(st.integers(1, len(text) - 1), max_size=30))
    ends = [0, *sorted(places), len(text)]
    growing, finals = Growing(), []
    for a, b in pairwise(ends):
        sure = [Piece(text[a:b], a * 0.1, b * 0.1)]
        guess = (
            [Piece(text[b : b + 5], b * 0.1, b * 0.1 + 0.5)] if b < len(text) else []
        )
        growing, segments = grown(growing, sure, guess, **FIELDS)
        finals += [one for one in segments if one.is_final]
    finals += finished(growing, **FIELDS)
    assert " ".join(one.text for one in finals).split() == text.split()
    assert all(len(one.text) <= 2 * LONGEST for one in finals)


def test_letters_join_on_and_only_a_space_begins_a_word():
    growing, first = grown(Growing(), [Piece(" some", 0, 1)], **FIELDS)
    growing, second = grown(growing, [Piece("thing", 1, 2), Piece(".", 2, 2)], **FIELDS)
    assert [one.text for one in (*first, *second)] == ["some", "something."]
    assert [one.is_final for one in (*first, *second)] == [False, True]


def test_a_number_is_not_ended_by_its_point():
    growing, first = grown(Growing(), [Piece(" it costs 3.", 0, 1)], **FIELDS)
    assert [one.is_final for one in first] == [False]
    _, second = grown(growing, [Piece("50 a kilo.", 1, 2)], **FIELDS)
    assert [one.text for one in second] == ["it costs 3.50 a kilo."]


def test_a_guess_of_another_speaker_ends_what_was_sure():
    sure, guess = (
        Piece(" well", 0, 1, None, None, "a"),
        Piece(" no", 1, 2, None, None, "b"),
    )
    _, segments = grown(Growing(), [sure], [guess], **FIELDS)
    assert [(one.text, one.speaker, one.is_final) for one in segments] == [
        ("well", "a", True),
        ("no", "b", False),
    ]


def test_speech_without_a_mark_ends_at_a_space_before_it_is_too_long():
    growing, finals = Growing(), []
    for n in range(300):
        growing, segments = grown(growing, [Piece(f" word{n}", n, n + 1)], **FIELDS)
        finals += [one for one in segments if one.is_final]
    finals += finished(growing, **FIELDS)
    assert " ".join(one.text for one in finals).split() == [
        f"word{n}" for n in range(300)
    ]
    assert all(len(one.text) <= LONGEST + 10 for one in finals)
