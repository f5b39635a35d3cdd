import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.segment import CaptionCorrection
from workers.adapters import recording
from workers.adapters.recording import RecordingError, open_recording

DATA = Path(__file__).parent / "data"
SEGMENT = {"stream_id": "s", "text": "a", "is_final": True}


def write(folder, content, name="talk.bin"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("name", "form", "stream", "spoken"),
    [
        ("meeting.whisper.txt", "whisper_text", "meeting.whisper", 5),
        ("openai.json", "whisper_json", "openai", 2),
        ("whispercpp.json", "whisper_json", "whispercpp", 2),
        ("film.srt", "srt", "film", 3),
        ("rolling.vtt", "vtt", "rolling", 5),
    ],
)
def test_a_file_is_known_by_its_content_and_names_its_stream(
    name, form, stream, spoken, tmp_path
):
    content = (DATA / name).read_bytes()
    lying = tmp_path / f"{stream}.srt"
    lying.write_bytes(b"\xef\xbb\xbf" + content)
    for path in (DATA / name, lying):
        found = open_recording(path)
        assert found.format == form
        *before, end = found.segments
        assert {one.segment.stream_id for one in found.segments} == {stream}
        assert len(before) == spoken
        assert not any(one.segment.end_of_stream for one in before)
        assert (end.segment.end_of_stream, end.segment.text) == (True, "")
        assert end.at_s == before[-1].at_s


def test_a_recording_can_be_given_another_stream():
    for name in ("film.srt", "provider.jsonl", "openai.json"):
        found = open_recording(DATA / name, stream_id="mine")
        assert {one.segment.stream_id for one in found.segments} == {"mine"}


def test_canonical_lines_go_when_they_were_sent_and_end_once():
    found = open_recording(DATA / "segments.jsonl")
    assert found.format == "json_lines"
    spoken = [(round(one.at_s, 3), one.segment.text) for one in found.segments]
    assert spoken == [(0.9, "hello"), (1.6, "hello there"), (1.6, ""), (1.6, "")]
    ended = [one.segment.stream_id for one in found.segments[2:]]
    assert ended == ["call-2", "call-1"]


def test_lines_of_a_log_go_when_they_were_received():
    found = open_recording(DATA / "provider.jsonl", provider="canonical")
    assert [one.at_s for one in found.segments] == [2, 4.5, 4.5]


def test_lines_without_moments_go_when_their_speech_ends_over_a_reconnect_too(tmp_path):
    lines = [
        SEGMENT | {"start_s": 1, "end_s": 5},
        SEGMENT | {"start_s": 0, "end_s": 2, "epoch": 1},
        SEGMENT | {"epoch": 1},
    ]
    path = write(tmp_path, "\n".join(map(json.dumps, lines)))
    assert [one.at_s for one in open_recording(path).segments] == [5, 7, 7, 7]


CORRECTION = {
    "type": "CaptionCorrection",
    "stream_id": "call",
    "caption_id": "0-0.c0",
    "text": "hello",
    "corrected_by": "Ann",
    "corrected_at": "2026-11-24T10:00:00Z",
}


def test_a_correction_goes_with_the_line_before_it_or_when_it_was_received(tmp_path):
    received = SEGMENT | {
        "start_s": 1,
        "end_s": 5,
        "emitted_at": "2026-11-24T10:00:05Z",
    }
    lines = [
        received,
        CORRECTION,
        {"received_at": "2026-11-24T10:00:09Z", "message": CORRECTION},
    ]
    found = open_recording(write(tmp_path, "\n".join(map(json.dumps, lines))))
    kinds = [type(one.segment).__name__ for one in found.segments]
    assert kinds == ["CaptionSegment", *["CaptionCorrection"] * 2, "CaptionSegment"]
    assert [one.at_s for one in found.segments] == [5, 5, 9, 9]


def test_corrections_alone_end_no_stream(tmp_path):
    found = open_recording(write(tmp_path, json.dumps(CORRECTION)), stream_id="other")
    assert [one.segment.stream_id for one in found.segments] == ["other"]
    assert isinstance(found.segments[0].segment, CaptionCorrection)


def test_a_bad_correction_is_named_as_one(tmp_path):
    line = json.dumps(CORRECTION | {"corrected_at": "2026-11-24T10:00:00"})
    with pytest.raises(RecordingError, match=r"nor a CaptionCorrection: .*no offset"):
        open_recording(write(tmp_path, line))


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "a.srt", "is empty"),
        (b" \n\r\n", "a.txt", "is empty"),
        (b"WEBVTT\n\n", "a.vtt", "nobody speaks"),
        (b"hello", "a.srt", "nobody speaks"),
        (b"hello", "a.txt", "format is not known; known are Whisper text .* SRT"),
        (b"ok \xff\xfe", "a.srt", "byte 3 is not UTF-8; save"),
        (
            "[00:00.000 --> 00:01.000] é".encode("utf-16"),
            "a.txt",
            "byte 0 is not UTF-8",
        ),
        (b"[]", "a.json", "nobody speaks"),
        (b'{"a": 1}', "a.json", "line 1 is not a CaptionSegment: .*stream_id"),
        (b'{\n  "a": 1\n}\n', "a.json", "format is not known"),
        (b"3", "a.jsonl", "line 1 is not a CaptionSegment"),
        (b"nonsense", "a.jsonl", "line 1 is not JSON"),
        (b'{"segments": [', "a.json", "line 1, column 15: not JSON"),
        (b'{"message": 3, "received_at": 1}', "a.jsonl", "line 1 is not a Caption"),
    ],
)
def test_a_file_that_cannot_be_used_says_so_in_one_line(content, name, why, tmp_path):
    path = write(tmp_path, content, name)
    with pytest.raises(RecordingError, match=why) as caught:
        open_recording(path)
    assert str(caught.value).startswith(str(path))
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"text": 3}, r"Expected `str`, got `int` - at `\$.text`"),
        ({"type": "Cue\n\x1b[31m"}, r"Invalid value 'Cue\\n\\x1b\[31m'"),
        ({"start_s": 2, "end_s": 1}, "`end_s` is before `start_s`"),
        ({"text": "x" * 20_000}, "text"),
        ({"emitted_at": "2026-11-24T10:00:00"}, "no offset from UTC"),
        ({"received_at": 1e13, "message": SEGMENT}, "not in seconds"),
        ({"received_at": "2026-11-24T10:00:00", "message": SEGMENT}, "no offset"),
    ],
)
def test_a_bad_line_is_named_with_its_reason(change, why, tmp_path):
    lines = [json.dumps(SEGMENT), "", json.dumps(SEGMENT | change)]
    with pytest.raises(
        RecordingError, match=f"line 3 is not a CaptionSegment: .*{why}"
    ):
        open_recording(write(tmp_path, "\n".join(lines)))


LOGS = Path(__file__).parent / "data" / "providers"
NAMED = [path for path in LOGS.glob("*.[jl]*") if path.stem != "whisper-streaming"]


@pytest.mark.parametrize("log", NAMED, ids=lambda path: path.stem)
def test_a_log_read_as_somebody_elses_or_as_segments_is_told_whose_it_is(log):
    other = "gladia" if log.stem != "gladia" else "deepgram"
    with pytest.raises(RecordingError) as wrong:
        open_recording(log, provider=other)
    with pytest.raises(RecordingError) as missing:
        open_recording(log)
    assert f"as those of {log.stem} " in str(wrong.value).replace(" or ", " ")
    assert re.search(rf"log of .*\b{log.stem}\b.* give that", str(missing.value))


def test_a_bad_segment_is_not_taken_for_the_log_of_a_provider(tmp_path):
    lines = [json.dumps(SEGMENT | {"text": 3}), json.dumps(SEGMENT)]
    with pytest.raises(RecordingError, match=r"line 1 is not .*`\$.text`$"):
        open_recording(write(tmp_path, "\n".join(lines)))


def test_deep_json_is_refused_by_its_line(tmp_path):
    lines = [json.dumps(SEGMENT), '{"a":' + "[" * 100_000]
    with pytest.raises(RecordingError, match="line 2 is not JSON that can be read"):
        open_recording(write(tmp_path, "\n".join(lines)))


def test_two_streams_do_not_become_one():
    with pytest.raises(RecordingError, match="has 2 streams"):
        open_recording(DATA / "segments.jsonl", stream_id="mine")


def test_a_provider_must_be_known_and_is_only_for_logs():
    with pytest.raises(RecordingError, match="'acme' is not known; known: canonical"):
        open_recording(DATA / "provider.jsonl", provider="acme")
    with pytest.raises(RecordingError, match="leave out the provider"):
        open_recording(DATA / "film.srt", provider="canonical")


def test_a_folder_a_missing_file_and_a_strange_name_are_told_apart(tmp_path):
    for path, why in (
        (tmp_path, "a folder"),
        (tmp_path / "no.srt", "No such file"),
        (tmp_path / ("x" * 300), "name too long"),
        (Path("a\0b"), "no file has such a name"),
        (tmp_path / "a\nb", "No such file"),
    ):
        with pytest.raises(RecordingError, match=why) as caught:
            open_recording(path)
        assert len(str(caught.value).splitlines()) == 1


def test_a_file_name_that_is_not_utf8_still_names_a_stream(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/t\xffk.srt"))
    try:
        path.write_bytes((DATA / "film.srt").read_bytes())
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert open_recording(path).segments[0].segment.stream_id == "t?k"


def test_a_file_beyond_the_bound_is_not_read_on(tmp_path, monkeypatch):
    monkeypatch.setattr(recording, "MAX_BYTES", 10)
    with pytest.raises(RecordingError, match="more than 10 bytes"):
        open_recording(write(tmp_path, b"x" * 11))


# One folder does for all examples: each overwrites the file of the one before.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=80),
        st.text(st.sampled_from('[]{}":,-> 0123.\\nWEBVTT\n'), max_size=80),
    ),
    suffix=st.sampled_from([".srt", ".vtt", ".txt", ".json", ".jsonl", ""]),
)
def test_whatever_a_file_holds_nothing_but_a_recording_error_leaves(
    content, suffix, tmp_path
):
    path = write(tmp_path, content, f"fuzz{suffix}")
    try:
        found = open_recording(path)
    except RecordingError as error:
        assert len(str(error).splitlines()) == 1  # noqa: PT017  # both ways are right
    else:
        assert found.segments[-1].segment.end_of_stream
