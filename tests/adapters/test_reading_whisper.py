from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workers.adapters import whisper_json, whisper_text
from workers.adapters.timed import ReadError

DATA = Path(__file__).parent / "data"
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Zs", "Zl", "Zp")),
    min_size=1,
    max_size=8,
)
LINES = st.lists(st.tuples(st.lists(WORDS, min_size=1), st.integers(0, 9000)))


def said(timed):
    return [one.segment.text for one in timed]


def times(timed):
    return [(one.segment.start_s, one.segment.end_s) for one in timed]


def clock(at_ms, *, hours):
    minutes, millis = divmod(at_ms, 60_000)
    begin = f"{minutes // 60:02d}:{minutes % 60:02d}" if hours else f"{minutes:02d}"
    return f"{begin}:{millis // 1000:02d}.{millis % 1000:03d}"


@given(LINES, st.booleans(), st.sampled_from(["\n", "\r\n"]))
@example([(["[00:00.000"], 5)], True, "\n")
@example([(["###"], 5), (["main:"], 0)], False, "\r\n")
def test_every_word_of_a_whisper_text_comes_out_once_and_in_order(
    spoken, hours, line_end
):
    rows, at_ms = [], 0
    for words, length_ms in spoken:
        begin, end = (clock(ms, hours=hours) for ms in (at_ms, at_ms + length_ms))
        rows.append(f"[{begin} --> {end}]   {' '.join(words)}")
        at_ms += length_ms
    timed = whisper_text.read(line_end.join(rows), "s")
    assert (
        " ".join(said(timed)).split()
        == " ".join(word for words, _ in spoken for word in words).split()
    )
    assert [one.at_s for one in timed] == sorted(one.at_s for one in timed)
    assert all(one.segment.is_final for one in timed)


def test_what_whisper_cpp_says_of_itself_is_not_speech():
    timed = whisper_text.read((DATA / "meeting.whisper.txt").read_text(), "meeting")
    assert said(timed) == [
        "Good morning, everybody. Let us begin with the",
        "harbour wall.  It held.",
        "[BLANK_AUDIO]",
        "Yes.",
        "Yes.",
    ]
    assert times(timed)[1] == (3.58, 7.04)
    assert [one.at_s for one in timed] == [3.58, 7.04, 7.04, 12.9, 14.1]


def test_windows_of_whisper_stream_keep_the_time_of_the_talk():
    timed = whisper_text.read((DATA / "windows.whisper.txt").read_text(), "pier")
    assert times(timed) == [(0.0, 2.0), (2.0, 4.0), (2.5, 8.0)]
    assert [one.at_s for one in timed] == [4.0, 4.0, 8.1]
    assert {one.segment.epoch for one in timed} == {0}


@pytest.mark.parametrize(("above", "begin"), [("00:00", "00:00"), ("00:07", "00:02")])
def test_times_that_begin_anew_are_a_new_epoch_and_sent_after_the_old_one(above, begin):
    timed = whisper_text.read(
        f"[{above}.000 --> 00:10.000] a\n[{begin}.000 --> 00:03.000] b", "s"
    )
    assert [(one.at_s, one.segment.epoch) for one in timed] == [(10, 0), (13, 1)]


def test_neighbours_that_overlap_a_little_are_no_new_epoch():
    timed = whisper_text.read(
        "[00:05.000 --> 00:10.000] a\n[00:04.200 --> 00:11.000] b", "s"
    )
    assert [one.segment.epoch for one in timed] == [0, 0]


def test_a_wrapped_line_goes_on_and_a_heading_is_left_out():
    timed = whisper_text.read(
        "Talk of the day\n[00:01.000 --> 00:02.000] one\n two\n\nthree", "s"
    )
    assert said(timed) == ["one two three"]


def test_colours_of_whisper_cpp_are_not_words():
    row = "[00:00:00.000 --> 00:00:01.000]  \x1b[38;5;160mred\x1b[0m hot"
    assert said(whisper_text.read(row, "s")) == ["red hot"]


def test_what_ends_before_it_begins_is_named():
    with pytest.raises(ReadError, match=r"^line 1: ends before it begins$"):
        whisper_text.read("[00:03.000 --> 00:02.000] odd", "s")
    with pytest.raises(ReadError, match=r"^segment 1: ends before it begins$"):
        whisper_json.read([{"text": "odd", "start": 3, "end": 2}], "s")


def test_what_has_no_length_keeps_its_place_in_time():
    text = whisper_text.read("[00:03.000 --> 00:03.000] odd", "s")
    value = whisper_json.read([{"text": "odd", "start": 3, "end": 3}], "s")
    assert times(text) == times(value) == [(3, 3.001)]


@pytest.mark.parametrize(
    "row",
    [
        "[00:01.000 -> 00:02.000] a",
        "[00:01.000 --> 00:02.000 a",
        "[soon --> 00:02.000] a",
        "[9999:00:00.000 --> 9999:00:01.000] beyond all media",
        "[00:01.000 --> 00:02.000] " + "long " * 4000,
    ],
)
def test_a_line_that_cannot_be_read_is_named(row):
    with pytest.raises(ReadError, match=r"^line 2: "):
        whisper_text.read(f"[00:00.000 --> 00:01.000] fine\n{row}", "s")


def test_openai_json_gives_words_with_times_and_survives_nan():
    text = (DATA / "openai.json").read_text()
    timed = whisper_json.read(whisper_json.parse(text), "s")
    assert said(timed) == ["Two words.", "Then more."]
    assert times(timed) == [(0, 1.4), (1.4, 2.9)]
    first = timed[0].segment
    assert [(w.text, w.start_s, w.confidence) for w in first.words] == [
        ("Two", 0, 0.98),
        ("words.", 0.5, 1),
    ]
    assert (first.language, first.speaker, timed[1].segment.words) == ("en", None, None)


def test_whisper_cpp_json_counts_in_milliseconds():
    text = (DATA / "whispercpp.json").read_text()
    timed = whisper_json.read(whisper_json.parse(text), "s")
    assert times(timed) == [(0, 2.1), (2.1, 3)]
    assert [one.at_s for one in timed] == [2.1, 3]


def test_a_bare_list_with_speakers_and_words_without_times_is_read():
    value = [
        {
            "text": "in 1984",
            "start": 1,
            "end": 2,
            "speaker": "SPEAKER_00",
            "words": [{"word": "in", "start": 1, "end": 1.2}, {"word": "1984"}],
        },
        {"text": "no times"},
    ]
    first, second = whisper_json.read(value, "s")
    assert first.segment.speaker == "SPEAKER_00"
    assert first.segment.words[1].start_s is None
    assert (second.at_s, second.segment.start_s) == (2, None)


def test_half_a_character_is_marked_so_that_it_can_be_sent():
    value = whisper_json.parse(r'[{"text": "a \ud83d b", "start": 0, "end": 1}]')
    assert said(whisper_json.read(value, "s")) == ["a \ufffd b"]


def test_a_language_that_is_no_tag_is_not_passed_on():
    value = {"language": "english", "segments": [{"text": "a", "start": 0, "end": 1}]}
    assert whisper_json.read(value, "s")[0].segment.language is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"segments": 3}', r"Expected `array`.*\$.segments"),
        ('{"segments": [{"start": 1, "end": 2}]}', "missing required field `text`"),
        ('[{"text": "a", "start": -1, "end": 2}]', "segment 1: .*start_s"),
        ('[{"text": "a", "start": NaN, "end": 2}]', "segment 1: .*start_s"),
        ('{"transcription": [{"text": "a"}]}', "offsets"),
        ('{"segments": [}', "line 1, column 15: not JSON"),
        ("[" * 100_000, "too deep"),
        ("1" * 10_000, "too long"),
        ("3", "Expected `object`"),
    ],
)
def test_json_that_is_not_whispers_says_what_is_missing(text, why):
    with pytest.raises(ReadError, match=why):
        whisper_json.read(whisper_json.parse(text), "s")
