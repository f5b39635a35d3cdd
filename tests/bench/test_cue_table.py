"""The figures of cues: what is counted, and that both recordings reach ours."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from schemas.captions import BrokenRule, Cue
from tests.core.cues.cue_histories import final
from workers.bench.captions.cues import COLUMNS, _left_on, _row, cue_table
from workers.bench.table import Table, shown
from workers.cli.main import app
from workers.core.cues import PROFILES, Profile
from workers.recordings import demo_recording

NEIGHBOURS = Path(__file__).parents[1] / "data" / "recordings" / "neighbours.jsonl"
PROFILE = Profile(
    name="p",
    max_chars=10,
    max_lines=1,
    max_cps=10.0,
    min_duration_s=0.5,
    max_duration_s=2.0,
    min_gap_s=0.1,
)


def cue(number, start_s, end_s, line, *broken):
    return Cue(
        stream_id="s",
        cue_id=f"0-7.p.{number}",
        revision=0,
        caption_ids=("0-7.c0",),
        start_s=start_s,
        end_s=end_s,
        lines=(line,),
        profile="p",
        compliance=broken,
    )


def figures(*found):
    text = " ".join(one.lines[0] for one in found)
    said = final(text, start_s=0.0, end_s=float(len(text)) / 4)
    row = _row(found, [said], PROFILE)
    return dict(zip(COLUMNS[3:], row, strict=True))


def test_cues_that_keep_all_rules_are_a_hundred_percent():
    found = figures(cue(0, 0.0, 1.0, "Good"), cue(1, 1.25, 2.25, "evening."))
    assert [value for name, value in found.items() if name.endswith("%")] == [100.0] * 6


def test_each_broken_rule_is_seen_on_the_cues_themselves():
    found = figures(
        cue(0, 0.0, 0.3, "Good"),
        cue(1, 0.35, 3.0, "evening and"),
        cue(2, 3.2, 4.0, "welcome"),
    )
    assert found["lines %"] == 66.6
    assert found["read %"] == 66.6
    assert found["could %"] == 66.6
    assert found["least %"] == 66.6
    assert found["most %"] == 66.6
    assert found["gap %"] == 50.0
    assert (found["least s"], found["most s"]) == (
        pytest.approx(0.3),
        pytest.approx(2.65),
    )


def test_speech_that_leaves_no_time_to_read_does_not_count_against_the_cue():
    said = final("Good evening.", start_s=0.0, end_s=0.5)
    found = [cue(0, 0.0, 0.19, "Good"), cue(1, 0.19, 1.2, "evening.")]
    row = dict(zip(COLUMNS[3:], _row(found, [said], PROFILE), strict=True))
    assert row["read %"] == 50.0
    assert row["could %"] == 100.0


def test_a_cue_left_on_stays_till_it_is_read_or_the_next_one_comes():
    unknown = BrokenRule(rule="min_duration_s", because="next_unknown")
    known = BrokenRule(rule="min_duration_s", because="other_cue")
    found = _left_on(
        [
            cue(0, 0.0, 0.2, "Yes", unknown),
            cue(1, 3.0, 3.2, "Yes", unknown),
            cue(2, 3.4, 3.5, "Yes", known),
        ],
        PROFILE,
    )
    assert [one.end_s for one in found] == [0.5, pytest.approx(3.3), 3.5]


def test_the_cues_of_both_recordings_keep_what_the_project_promises():
    table = cue_table([demo_recording(), NEIGHBOURS])
    rows = table.records()
    assert {row["recording"] for row in rows} == {"island", "neighbours"}
    assert {row["profile"] for row in rows} == set(PROFILES)
    for row in rows:
        assert row["lines %"] == 100
        assert row["split"] == 0
        if row["cut"] == "anew":
            assert row["could %"] in (None, 100)
            assert row["least %"] in (None, 100)
        if row["profile"] != "cea608":
            assert row["could %"] >= 98
        assert row["most %"] in (None, 100)
        assert row["gap %"] in (None, 100)


def test_a_table_is_written_for_people_for_the_readme_and_for_scripts(tmp_path):
    made = Table("t", ("name", "share %"), (("a", 99.5), ("b", None)))
    assert (
        made.markdown()
        == "| name | share % |\n| --- | --- |\n| a | 99.5 |\n| b | – |\n"
    )
    assert made.records() == [
        {"name": "a", "share %": 99.5},
        {"name": "b", "share %": None},
    ]
    assert (shown(100.0), shown(3), shown(0.833)) == ("100", "3", "0.83")
    start = NEIGHBOURS.read_text().splitlines(keepends=True)[:60]
    file = tmp_path / "talk.jsonl"
    file.write_text("".join(start))
    for option in ("--markdown", "--json", None):
        done = CliRunner().invoke(
            app,
            [
                *("bench", "captions", str(file), "--streams", "1"),
                *([option] if option else []),
            ],
        )
        assert done.exit_code == 0, done.output
        if option == "--json":
            assert len(json.loads(done.stdout)["cues"]) == 3 * len(PROFILES)
        if option == "--markdown":
            assert "| talk | web | live |" in done.stdout
