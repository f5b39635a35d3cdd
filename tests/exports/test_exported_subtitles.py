import warnings

import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.captions import Cue
from workers.adapters import subtitles as reading
from workers.exports.latest import ExportError
from workers.exports.subtitles import srt, vtt

LINE = st.text(st.characters(codec="utf-8"), max_size=20)
HOSTILE = st.text(
    st.sampled_from("<>{}&;/iv-: 0123.,\\Nnh\n\r\x85\u2028 p1"), max_size=30
)
WORDS = st.lists(
    st.text(
        st.characters(categories=("L", "N", "P", "M")), min_size=1, max_size=6
    ).filter(lambda word: not set(word) & set("&<>{}\\")),
    min_size=1,
    max_size=5,
)
MOMENTS = st.floats(0, 3600, allow_nan=False)


def cue(n, start_s=0.0, end_s=1.0, lines=("hello",), **more):
    fields = {"stream_id": "s", "cue_id": f"c{n}", "revision": 0, "profile": "web"}
    return Cue(
        **fields | {"caption_ids": ("k",), "start_s": start_s, "end_s": end_s} | more,
        lines=tuple(lines),
    )


def opened(text):
    form = "vtt" if text.startswith("WEBVTT") else "srt"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return pysubs2.SSAFile.from_string(text, form)


def spans(text):
    return [(event.start, event.end) for event in opened(text)]


@st.composite
def timed_cues(draw, lines):
    made = []
    for n in range(draw(st.integers(1, 6))):
        start_s, end_s = sorted((draw(MOMENTS), draw(MOMENTS)))
        made.append(cue(n, start_s, end_s, draw(lines), speaker=draw(st.none() | LINE)))
    return made


@given(timed_cues(st.lists(LINE | HOSTILE, max_size=3)))
def test_whatever_is_said_pysubs2_opens_as_many_cues_in_order_without_overlap(cues):
    for text in (srt(cues), vtt(cues)):
        assert len(opened(text)) == text.count(" --> ")
        flat = [moment for span in spans(text) for moment in span]
        assert flat == sorted(flat)
        assert all(start < end for start, end in spans(text))


@given(timed_cues(st.lists(WORDS.map(" ".join), min_size=1, max_size=3)))
def test_srt_and_vtt_come_back_with_every_word_once(cues):
    # Rows that differ: repeats in a row could be a file that rolls.
    cues = [
        replace(one, lines=tuple(f"{n}{k}{row}" for k, row in enumerate(one.lines)))
        for n, one in enumerate(cues)
    ]
    words = " ".join(line for one in cues for line in one.lines).split()
    for form, text in (("srt", srt(cues)), ("vtt", vtt(cues))):
        found = reading.read(text, "s", form)
        back = " ".join(one.segment.text for one in found).split()
        assert sorted(back) == sorted(words)


def test_times_speakers_and_lines_stand_where_players_look_for_them():
    cues = [cue(1, 1.5, 3.25, ["Where is", "the key?"], speaker="Ann & <Co>")]
    assert srt(cues) == "1\n00:00:01,500 --> 00:00:03,250\nWhere is\nthe key?\n\n"
    assert srt(cues, speakers=True).splitlines()[2] == "Ann & <\u2060Co>: Where is"
    assert vtt(cues).splitlines()[:1] == ["WEBVTT"]
    assert "<v Ann &amp; &lt;Co&gt;>Where is\nthe key?</v>\n" in vtt(cues)


def test_only_the_newest_revision_stands_and_withdrawn_cues_do_not():
    messages = [
        cue(1, lines=["new"], revision=2),
        cue(1, lines=["old"], revision=1),
        cue(2, lines=["gone"]),
        cue(2, None, None, [], revision=1, withdrawn=True),
    ]
    assert [event.plaintext for event in opened(srt(messages))] == ["new"]


def test_an_overlap_is_trimmed_and_cues_that_begin_together_share_the_screen():
    cues = [
        cue(1, 0, 5, ["long"]),
        cue(2, 3, 4, ["Yes."], speaker="Ann"),
        cue(3, 3.0004, 6, ["No."], speaker="Bo"),
    ]
    assert spans(srt(cues)) == [(0, 3000), (3000, 6000)]
    assert opened(srt(cues))[1].plaintext == "Yes.\nNo."
    assert "<v Ann>Yes.</v>\n<v Bo>No.</v>" in vtt(cues)


def test_speech_that_looks_like_markup_is_shown_as_it_was_said():
    said = ["<b>5 --> 6</b>", r"{\an8} C:\New {ok}", "00:00:01,000 --> 00:00:02,000"]
    shown = srt([cue(1, lines=said)])
    assert [line.replace("\u2060", "") for line in shown.splitlines()[2:5]] == said
    (found,) = reading.read(shown, "s", "srt")
    assert found.segment.text.replace("\u2060", "") == " ".join(said)
    (found,) = reading.read(vtt([cue(1, lines=said)]), "s", "vtt")
    assert (
        found.segment.text
        == r"<b>5 --> 6</b> C:\New {ok} 00:00:01,000 --> 00:00:02,000"
    )


@pytest.mark.parametrize(
    ("messages", "why"),
    [
        ([cue(7, None, None)], "cue 'c7' has no times"),
        ([cue(7, 1.0, None)], "cue 'c7' has no times"),
        ([cue(7, 360_000, 360_001)], "cue 'c7' is at 100 hours"),
        ([cue(1), cue(2, profile="bbc")], "more than one profile: 'bbc', 'web'"),
        ([cue(1), cue(2, stream_id="t")], "more than one stream: 's', 't'"),
    ],
)
def test_what_no_player_could_show_is_refused_by_name(messages, why):
    for write in (srt, vtt):
        with pytest.raises(ExportError, match=why):
            write(messages)


def test_no_cues_are_an_empty_file_of_the_format():
    assert srt([]) == ""
    assert vtt([]).startswith("WEBVTT")
