from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workers.adapters import subtitles
from workers.adapters.timed import ReadError

DATA = Path(__file__).parent / "data"
ROWS = st.lists(
    st.lists(
        st.sampled_from("yes no well so the tide".split()), min_size=1, max_size=4
    ),
    min_size=1,
    max_size=8,
)


def read(name):
    form = name.rpartition(".")[2]
    return subtitles.read((DATA / name).read_text(), "s", form)


def said(timed):
    return [one.segment.text for one in timed]


def vtt_clock(at_ms):
    return f"00:{at_ms // 60000:02d}:{at_ms // 1000 % 60:02d}.{at_ms % 1000:03d}"


def rolling(rows, *, word_times):
    """Write rows as YouTube does: growing below the row before, held, moved up."""
    written, at_ms, above = ["WEBVTT\n"], 0, " "
    for row in rows:
        end_ms = at_ms + 500 * len(row)
        grown = row[0]
        for n, word in enumerate(row[1:], start=1):
            tag = f"<{vtt_clock(at_ms + 500 * n)}><c> {word}</c>"
            grown += tag if word_times else f" {word}"
        plain = " ".join(row)
        written += [
            f"{vtt_clock(at_ms)} --> {vtt_clock(end_ms - 10)} align:start position:0%",
            f"{above}\n{grown}\n",
            f"{vtt_clock(end_ms - 10)} --> {vtt_clock(end_ms)} align:start position:0%",
            f"{plain}\n \n",
        ]
        at_ms, above = end_ms, plain
    return "\n".join(written)


@given(ROWS, st.booleans())
def test_a_rolling_file_gives_each_word_once_however_often_it_was_said(
    rows, word_times
):
    # Two rows without word times may as well be two people, one repeating the other.
    assume(word_times or len(rows) > 2)
    assume(not word_times or any(len(row) > 1 for row in rows))
    timed = subtitles.read(rolling(rows, word_times=word_times), "s", "vtt")
    assert said(timed) == [" ".join(row) for row in rows]


@given(ROWS)
def test_word_times_of_a_rolling_file_are_those_of_its_tags(rows):
    assume(any(len(row) > 1 for row in rows))
    timed = subtitles.read(rolling(rows, word_times=True), "s", "vtt")
    starts_s = [word.start_s for one in timed for word in one.segment.words or ()]
    told = [row for row in rows if len(row) > 1]
    assert len(starts_s) == sum(map(len, told))
    if len(told) == len(rows):
        assert starts_s == [n / 2 for n in range(len(starts_s))]


def test_youtubes_rows_are_said_once_and_spoken_repeats_survive():
    timed = read("rolling.vtt")
    assert said(timed) == [
        "so the tide comes",
        "in at six",
        "six",
        "six",
        "six o'clock",
    ]
    first, last = timed[0].segment, timed[-1].segment
    assert [w.start_s for w in first.words] == [0.4, 0.64, 0.88, 1.2]
    assert [w.end_s for w in first.words] == [0.64, 0.88, 1.2, 2.31]
    assert (last.start_s, first.language) == (15, "en")


@given(st.lists(st.sampled_from(["Yes.", "No."]), min_size=1, max_size=9))
def test_the_same_cue_said_again_is_no_carry_over_in_an_ordinary_file(texts):
    file = "".join(
        f"{n + 1}\n00:00:{n:02d},000 --> 00:00:{n + 1:02d},000\n{text}\n\n"
        for n, text in enumerate(texts)
    )
    assert said(subtitles.read(file, "s", "srt")) == texts


def test_a_row_that_the_next_speaker_repeats_is_said_twice_in_an_ordinary_file():
    file = (
        "1\n00:00:00,000 --> 00:00:02,000\nIs it open?\nIt is.\n\n"
        "2\n00:00:02,000 --> 00:00:03,000\nIt is.\n"
    )
    assert said(subtitles.read(file, "s", "srt")) == ["Is it open? It is.", "It is."]


def srt_file(*cues):
    return "".join(
        f"{n}\n00:00:{start:02d},000 --> 00:00:{end:02d},000\n{body}\n\n"
        for n, (start, end, body) in enumerate(cues, start=1)
    )


def test_a_few_echoes_in_a_long_file_do_not_make_it_roll():
    talk = [(n, n + 1, f"row {n}") for n in range(9)]
    echoes = [(9, 10, "a\nb"), (10, 11, "b"), (11, 12, "b\nc"), (12, 13, "c")]
    timed = subtitles.read(srt_file(*talk, *echoes), "s", "srt")
    assert said(timed)[9:] == ["a b", "b", "b c", "c"]


def test_a_row_said_again_after_a_pause_was_not_carried_over():
    rows = [(0, 1, "a"), (1, 2, "a\nb"), (2, 3, "b\nc"), (3, 4, "c\nd"), (9, 10, "d")]
    assert said(subtitles.read(srt_file(*rows), "s", "srt")) == list("abcdd")
    tagged = "WEBVTT\n\n" + srt_file(*rows).replace(",", ".").replace(
        "b\nc", "b\nc<00:02.500> and"
    )
    assert said(subtitles.read(tagged, "s", "vtt")) == ["a", "b", "c and", "c d", "d"]


def test_a_row_straight_above_the_next_times_is_speech_in_vtt():
    file = "WEBVTT\n\n00:00.000 --> 00:01.000\na\nb\n00:01.000 --> 00:02.000\nc"
    assert said(subtitles.read(file, "s", "vtt")) == ["a b", "c"]


def test_voices_are_speakers_and_share_the_time_of_their_cue():
    ann, bo, third, last = (one.segment for one in read("voices.vtt"))
    assert (ann.speaker, ann.text) == ("Ann Lee", "Where is the key?")
    assert (bo.speaker, bo.text) == ("Bo", "In the door & locked.")
    assert (ann.start_s, bo.end_s) == (1, 4)
    assert ann.end_s == bo.start_s
    assert third.text == "<laughs> 5 < 6, 1984"
    assert (third.speaker, last.text) == (None, "Take NOTE of this.")


def test_what_follows_the_end_of_a_voice_is_nobodys():
    file = "WEBVTT\n\n00:00.000 --> 00:02.000\n<v Ann>Hello.</v> (a door)"
    timed = subtitles.read(file, "s", "vtt")
    assert [(one.segment.speaker, one.segment.text) for one in timed] == [
        ("Ann", "Hello."),
        (None, "(a door)"),
    ]


def test_a_row_of_digits_is_speech_and_the_number_of_a_cue_is_not():
    timed = read("film.srt")
    assert said(timed) == [
        "Where were you in the autumn of",
        "1984",
        "{laughs} It was 1985",
    ]
    assert [one.at_s for one in timed] == [2.5, 4, 9]


def test_words_between_two_times_share_what_lies_between():
    file = "WEBVTT\n\n00:00.000 --> 00:04.000\none two<00:02.000> three <00:03.000>four"
    (one,) = subtitles.read(file, "s", "vtt")
    assert [(w.text, w.start_s) for w in one.segment.words] == [
        ("one", 0),
        ("two", 1),
        ("three", 2),
        ("four", 3),
    ]


def test_word_times_outside_of_their_cue_are_pulled_into_it():
    file = "WEBVTT\n\n00:01.000 --> 00:02.000\na<00:09.000> b<00:00.500> c"
    (one,) = subtitles.read(file, "s", "vtt")
    assert [(w.start_s, w.end_s) for w in one.segment.words] == [(1, 2), (2, 2), (2, 2)]


def test_two_word_times_in_a_row_are_not_the_times_of_a_cue():
    file = (
        "WEBVTT\n\n00:00.000 --> 00:03.000\na<00:01.000><c> b</c><00:02.000><c> c</c>"
    )
    assert said(subtitles.read(file, "s", "vtt")) == ["a b c"]


def test_blank_rows_that_an_editor_has_emptied_lose_no_words():
    text = (DATA / "rolling.vtt").read_text().replace("\n \n", "\n\n")
    assert said(subtitles.read(text, "s", "vtt")) == said(read("rolling.vtt"))


@pytest.mark.parametrize(
    "times",
    [
        "00:00:0x,000 --> 00:00:02,000",
        "00:00:05,000 --> ",
        "1 --> 2",
        "bad time --> 00:00:03,000",
    ],
)
@pytest.mark.parametrize("form", ["srt", "vtt"])
def test_times_that_cannot_be_read_are_named_and_never_spoken(times, form):
    file = f"1\n00:00:00,000 --> 00:00:01,000\nfine\n\n2\n{times}\nlost?\n"
    with pytest.raises(ReadError, match=r"^line 6: its times"):
        subtitles.read(file, "s", form)


@pytest.mark.parametrize("form", ["srt", "vtt"])
def test_a_cue_that_ends_before_it_begins_is_named(form):
    file = "1\n00:00:05,000 --> 00:00:01,000\nfine\n"
    with pytest.raises(ReadError, match=r"^line 2: ends before it begins$"):
        subtitles.read(file, "s", form)


@given(st.text(st.sampled_from("<>{}&;/vc 0:1.,-\\\nN\r"), max_size=60))
def test_no_markup_makes_a_reader_fail_otherwise_than_by_name(body):
    for form in ("srt", "vtt"):
        try:
            timed = subtitles.read(f"00:00.000 --> 00:01.000\n{body}", "s", form)
        except ReadError as error:
            assert str(error).startswith("line ")  # noqa: PT017  # both ways are right
        else:
            assert all(one.segment.text.strip() for one in timed)
