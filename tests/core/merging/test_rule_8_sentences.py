"""Rule 8: a caption is a sentence, of one speaker."""

import pytest
from told import Told, final, hear, interim

from workers.core.text import graphemes

SENTENCES = {
    "He saw the U.S. President today.": 1,
    "We read J.R.R. Tolkien today.": 1,
    '"Stop!" he said.': 1,
    'He said "Stop." Then he left.': 2,
    "(It rained.) We left.": 2,
    "行った。）次は": 2,
    "ذهب.\u200f ثم عاد.\u200f": 2,
    "وہ گیا۔ پھر آیا۔": 2,
    "ሰላም። ደህና።": 2,
    "वह गया। फिर आया।": 2,
    "It is 3.5 degrees. No. 5 is alive.": 2,
    "気温は3.5度です。": 1,
    "これはdon'tとv2.0の話。": 1,
    "What?! No way.": 2,
    "「行く。」と言った。次は": 2,
    "Am 3. Mai kam er. Das ist z.B. gut.": 2,
    "Es waren 3. Dann ging er.": 2,
    "« Oui. » Non.": 2,
    "So did I. Then we left.": 2,
    "see https://www.example.com/docs/v2.0.1/Page.Two/index.html now.": 1,
    "Nice 👩‍👩‍👧. Next one 🇩🇪🇫🇷! Ok.": 3,
    "¿Qué tal? ¡Bien! Sí.": 3,
}


@pytest.mark.parametrize("text", SENTENCES)
def test_rule_8_sentences_end_where_their_script_says(text):
    told = hear(final(text, 0, 5)).end()
    assert len(told.texts) == SENTENCES[text]
    assert "".join("".join(told.texts).split()) == "".join(text.split())


@pytest.mark.parametrize("text", ["แม่น้ำไทย", "ก" * 100, "क्षि" * 60, "e\u0301" * 90])
def test_rule_9_stable_text_ends_between_graphemes_in_scripts_without_spaces(text):
    whole = graphemes(text)
    told = Told()
    for size in range(1, len(whole) + 1, max(1, len(whole) // 12)):
        told.hear(interim("".join(whole[:size]), 0, 5))
    for caption in told.messages:
        parts = graphemes(caption.text[: caption.stable])
        assert parts == graphemes(caption.text)[: len(parts)]


def test_rule_8_a_voice_without_a_name_hides_no_change_of_speaker():
    told = hear(
        final("a b", 0, 1, speaker="Ann"),
        final("c", 1, 2),
        final("d", 2, 3, speaker="Bo"),
    ).end()
    assert told.texts == ["a b c", "d"]
    assert [caption.speaker for caption in told.finals] == ["Ann", "Bo"]


def test_rule_8_no_space_comes_between_two_finals_of_a_japanese_sentence():
    told = hear(final("今日はいい", 0, 1), final("天気です。", 1, 2))
    assert told.texts == ["今日はいい天気です。"]


def test_rule_8_one_comes_between_two_finals_in_korean():
    told = hear(final("오늘은", 0, 1), final("맑아요.", 1, 2))
    assert told.texts == ["오늘은 맑아요."]
