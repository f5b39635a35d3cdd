"""Graphemes, columns, words and the normal form."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.core.text import columns, graphemes, nfc, words
from workers.core.text.columns import WIDEST
from workers.core.text.graphemes import is_plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("harbour", 7),
        ("naïve – ok", 10),
        ("Привет", 6),
        ("漢字", 4),
        ("한국", 4),
        ("ｆｕｌｌ", 8),
        ("ﾊﾛｰ", 3),
        ("e\u0301", 1),
        ("👩‍👩‍👧‍👦", 2),
        ("🇩🇪🇫🇷", 4),
        ("❤", 1),
        ("❤️", 2),
        ("1️⃣", 2),
        ("\u200b", 0),
        ("นี้", 1),
        ("שלום", 4),
        ("\x07", 0),
        ("क" + "\u094dक" * 50, 2),
        ("\u0600" * 9 + "1", 2),
        ("", 0),
    ],
)
def test_columns_are_those_of_a_screen_with_wide_characters(text, expected):
    assert columns(text) == expected


@given(st.text())
def test_no_grapheme_is_wider_than_two_columns_and_columns_add_up(text):
    assert all(0 <= columns(g) <= WIDEST for g in graphemes(text))
    assert columns(text) == sum(map(columns, graphemes(text)))


@given(st.text())
def test_graphemes_together_are_the_text(text):
    assert "".join(graphemes(text)) == text


@given(st.text(st.characters(max_codepoint=0x600)))
def test_the_quick_way_says_the_same_as_the_thorough_one(text):
    if is_plain(text):
        assert graphemes(text + "\u0301")[: max(len(text) - 1, 0)] == list(text)[:-1]
        assert columns(text + "漢") == len(text) + 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, world!", ["Hello", "world"]),
        ("We can't, at 3.5 %.", ["We", "can't", "at", "3.5"]),
        ("今天 ok", ["今", "天", "ok"]),
        ("カタカナ", ["カタカナ"]),
        ("שלום עולם", ["שלום", "עולם"]),
        ("👍 -- …", []),
        ("", []),
    ],
)
def test_words_are_what_has_a_letter_or_a_digit(text, expected):
    assert words(text) == expected


@given(st.text())
def test_the_normal_form_is_nfc_and_stays_so(text):
    assert nfc(text) == unicodedata.normalize("NFC", text)
    assert nfc(nfc(text)) == nfc(text)


def test_text_in_normal_form_is_not_copied():
    text = "naïve"
    assert nfc(text) is text
