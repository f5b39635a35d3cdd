"""``process``: which cues of a recording it writes, and how."""

import json
from pathlib import Path

import pysubs2
import pytest
from typer.testing import CliRunner

from workers.cli.errors import CommandError
from workers.cli.main import app
from workers.settings import SettingsError

RECORDING = Path(__file__).parents[1] / "data" / "recordings" / "neighbours.jsonl"
LINES = 150
"""Of the recording: more than a minute of it."""


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    start = RECORDING.read_text().splitlines(keepends=True)[:LINES]
    Path("talk.jsonl").write_text("".join(start))


def process(*options):
    done = CliRunner().invoke(app, ["process", "talk.jsonl", *options])
    if done.exception is not None:
        raise done.exception
    return done.stdout


def cues(text):
    found = [json.loads(line) for line in text.splitlines()]
    return [one for one in found if one["type"] == "Cue"]


def test_live_cues_are_those_on_kafka_and_the_others_are_cut_anew():
    events = {one["cue_id"]: one for one in cues(process("--to", "events"))}
    live = cues(process("--to", "cues", "--live"))
    assert {one["cue_id"] for one in live} <= set(events)
    assert {".".join(one["lines"]) for one in live} <= {
        ".".join(one["lines"]) for one in events.values()
    }
    anew = cues(process("--to", "cues"))
    assert all(one["cue_id"].rpartition(".")[2][0] == "r" for one in anew)
    assert any(len(one["caption_ids"]) > 1 for one in anew)
    said = [" ".join(" ".join(one["lines"]) for one in made) for made in (live, anew)]
    assert said[0] == said[1]


def test_every_form_of_subtitles_has_the_same_cues():
    spans = []
    for form in ("srt", "vtt", "ttml"):
        text = process("--to", form, "--profile", "bbc")
        spans.append([(one.start, one.end) for one in parsed(text, form)])
    assert len(spans[0]) > 10
    assert spans[0] == spans[1] == spans[2]


def parsed(text, form):
    return pysubs2.SSAFile.from_string(text, form)


def test_a_profile_of_ones_own_cuts_the_lines():
    Path("caption-worker.toml").write_text(
        '[custom_profiles.wall]\nmax_chars = 20\nmax_lines = 3\nspeakers = "dashes"\n'
    )
    found = parsed(process("--to", "srt", "--profile", "wall"), "srt")
    rows = [row for one in found for row in one.plaintext.split("\n")]
    assert max(map(len, rows)) <= 20
    assert any(row.startswith("- ") for row in rows)
    with pytest.raises(SettingsError, match=r"should be of bbc.+ wall"):
        process("--profile", "walls")


def test_chapters_are_the_same_in_both_forms_and_live_ones_are_those_told():
    options = ("--sentences-per-topic", "12")
    lines = process("--to", "chapters", *options).splitlines()
    assert lines[0].startswith("0:00 ")
    titles = [line.partition(" ")[2] for line in lines]
    tracks = process("--to", "chapters-vtt", *options).split("\n\n")[1:]
    assert [part.split("\n")[-1] for part in tracks if part.strip()] == titles
    found = [
        json.loads(line) for line in process("--to", "events", *options).splitlines()
    ]
    told = {one["start_s"] for one in found if one["type"] == "TopicEnded"}
    live = process("--to", "chapters", "--live", *options).splitlines()
    assert 1 <= len(live) <= len(told)


def test_of_several_profiles_one_has_to_be_named(monkeypatch):
    monkeypatch.setenv("CAPTION_PROFILES", "web,bbc")
    with pytest.raises(CommandError, match=r"several profiles are set \(web, bbc\)"):
        process("--to", "srt")
    assert cues(process("--to", "events"))
