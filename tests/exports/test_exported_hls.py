import re

import pysubs2
from hypothesis import given
from hypothesis import strategies as st

from workers.exports.blocks import Block, Voice
from workers.exports.hls import TARGET_S, WINDOW, playlist, segment, segments

TIMES = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(1, 9000)), min_size=1, max_size=20
)


def shown(times):
    """Make cues one after another: a pause and a length each, in milliseconds."""
    at_ms, made = 0, []
    for number, (pause_ms, length_ms) in enumerate(times):
        start_ms = at_ms + pause_ms
        at_ms = start_ms + length_ms
        made.append(Block(start_ms, at_ms, (Voice(None, (f"cue {number}",)),), None))
    return made


def cues_in(text):
    return {
        (event.start, event.end, event.plaintext)
        for event in pysubs2.SSAFile.from_string(text, format_="vtt")
    }


@given(TIMES)
def test_each_cue_is_whole_in_every_segment_it_is_on_the_screen_in_and_in_no_other(
    times,
):
    blocks = shown(times)
    last = blocks[-1].end_ms // (TARGET_S * 1000)
    for number in range(last + 2):
        start_ms, end_ms = number * TARGET_S * 1000, (number + 1) * TARGET_S * 1000
        wanted = {
            (one.start_ms, one.end_ms, one.voices[0].lines[0])
            for one in blocks
            if any(start_ms <= at < end_ms for at in (one.start_ms, one.end_ms - 1))
            or one.start_ms <= start_ms < one.end_ms
        }
        assert cues_in(segment(blocks, number, 900_000)) == wanted


@given(st.lists(st.floats(0, 4000), min_size=1, max_size=30), st.booleans())
def test_a_playlist_that_is_loaded_again_only_goes_on(moments, from_start):
    before = None
    for published_s in sorted(moments):
        now = segments(published_s, ended=False, end_s=0.0, from_start=from_start)
        assert now.count <= WINDOW or from_start
        assert (now.first + now.count) * TARGET_S <= published_s
        if before is not None:
            assert now.first >= before.first
            assert now.first + now.count >= before.first + before.count
        before = now


@given(st.floats(0.001, 4000), st.booleans())
def test_the_segments_of_an_ended_stream_last_as_long_as_it(end_s, from_start):
    text = playlist(
        segments(0.0, ended=True, end_s=end_s, from_start=from_start), "profile=bbc"
    )
    lengths = [float(one) for one in re.findall(r"#EXTINF:([\d.]+),", text)]
    first = int(re.search(r"MEDIA-SEQUENCE:(\d+)", text)[1])
    assert abs(first * TARGET_S + sum(lengths) - end_s) < 0.001
    assert max(lengths) <= TARGET_S
    assert text.endswith("#EXT-X-ENDLIST\n")
    names = re.findall(r"^(\d+)\.vtt\?profile=bbc$", text, re.MULTILINE)
    assert [int(name) for name in names] == list(range(first, first + len(lengths)))


def test_a_segment_ties_its_times_to_the_clock_of_the_video():
    lines = segment(shown([(500, 2000)]), 0, 900_000).split("\n")
    assert lines[:4] == [
        "WEBVTT",
        "X-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000",
        "",
        "00:00:00.500 --> 00:00:02.500",  # no name, which another segment may give too
    ]


def test_a_segment_in_which_nobody_speaks_is_sound_and_empty():
    assert cues_in(segment([], 3, 0)) == set()
