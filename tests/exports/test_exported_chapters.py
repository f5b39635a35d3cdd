"""Topics as chapters: what players and YouTube ask of them."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.captions import CaptionFinal
from schemas.topics import TopicLabelled, TopicStarted, TopicWithdrawn
from tests.exports import vtt_grammar
from workers.exports.chapters import (
    SHORTEST_S,
    Mark,
    chapters,
    told,
    webvtt,
    youtube,
)
from workers.exports.latest import ExportError


def said(end_s):
    return [
        CaptionFinal(
            stream_id="s",
            caption_id="0-0.c0",
            revision=0,
            text="Good evening.",
            stable=0,
            start_s=None if end_s is None else 0.0,
            end_s=end_s,
        )
    ]


def topic(kind, number, start_s, **more):
    fields = {"stream_id": "s", "topic_id": f"0-0.t{number}", "revision": 0}
    fields |= {"first_caption_id": "0-0.c0", "score": 1.0, "model": "m"}
    return kind(start_s=start_s, **fields | more)


MARKS = st.lists(
    st.builds(
        Mark,
        st.none() | st.floats(0, 20_000),
        st.none() | st.text(max_size=30) | st.just("a\\N{b} <i> --> & c"),
    ),
    max_size=12,
)


@given(MARKS, st.floats(0, 20_000))
def test_chapters_follow_each_other_from_0_and_none_is_short(marks, end_s):
    found = chapters(marks, said(end_s))
    placed = [mark for mark in marks if mark.start_s is not None]
    assert bool(found) == bool(placed)
    if not found:
        return
    assert found[0].start_s == 0
    assert found[-1].end_s == end_s
    for one, other in pairwise(found):
        assert one.end_s == other.start_s
        assert other.start_s - one.start_s >= SHORTEST_S
    assert all(one.title.strip() for one in found)
    lines = youtube(found).splitlines()
    assert len(lines) == len(found)
    assert lines[0].startswith("0:00 ")
    assert all(re.match(r"(?:\d+:)?\d?\d:\d\d \S", line) for line in lines)


@given(MARKS, st.floats(20, 20_000))
def test_a_chapters_file_is_webvtt_as_its_standard_has_it(marks, end_s):
    found = chapters(marks, said(end_s))
    cues = vtt_grammar.cues(webvtt(found))
    assert [cue[0] for cue in cues] == [round(1000 * one.start_s) for one in found]


def test_a_long_recording_has_hours_and_titles_begin_with_a_capital():
    marks = [Mark(3.2, "lamp, glass"), Mark(61.0, None), Mark(3725.9, "puffins")]
    text = youtube(chapters(marks, said(7000)))
    assert text == "0:00 Lamp, glass\n1:01 Topic 2\n1:02:05 Puffins\n"


def test_a_chapter_of_less_than_ten_seconds_is_joined_to_the_one_before():
    marks = [Mark(0, "one"), Mark(9.9, "two"), Mark(40, "three"), Mark(95, "four")]
    found = chapters(marks, said(100))
    assert [one.title for one in found] == ["One", "Three"]


def test_topics_that_were_withdrawn_are_no_chapters_and_the_last_name_holds():
    messages = [
        topic(TopicStarted, 1, 0.0),
        topic(TopicLabelled, 1, 0.0, label="lamp"),
        topic(TopicStarted, 2, 30.0),
        topic(TopicWithdrawn, 2, 30.0, revision=1),
        topic(TopicStarted, 3, 50.0, label="bread"),
    ]
    assert told(messages) == [Mark(0.0, "lamp"), Mark(50.0, "bread")]


def test_without_times_there_are_no_chapters():
    with pytest.raises(ExportError, match="no caption has a time"):
        chapters([Mark(0.0, "one")], said(None))
