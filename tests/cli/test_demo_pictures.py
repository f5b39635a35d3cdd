"""How the demo looks: the picture on a terminal, lines elsewhere, the summary."""

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from tests.cli.demo_events import (
    LOOP,
    cue,
    final,
    revised,
    scene_of,
    topic,
    updated,
    view_of,
)
from workers.cli.demo.latency import Stopwatch
from workers.cli.demo.plain import lines
from workers.cli.demo.scene import Scene, fold, fold_rejected
from workers.cli.demo.screen import picture
from workers.cli.demo.summary import summary

TALK = (
    topic("started", 0),
    topic("confirmed", 0, revision=1),
    topic("labelled", 0, revision=2, label="lamp, optic", keyphrases=("lamp", "glass")),
    final(0, "How tall is the tower?"),
    final(1, "We found fifteen chicks fewer."),
    revised(1, "We found fifty chicks fewer."),
    final(2, "and so and so and so and so", flags=(LOOP,)),
    topic("started", 1),
    topic("labelled", 1, revision=1, label="puffins"),
    topic("started", 2),
    topic("withdrawn", 2, revision=1, label="mallet"),
    updated(3, "The beam carries ninety", stable=16),
    cue(0, "How tall", "is the tower?", start_s=0.0, end_s=5.0),
)


def painted(view, width, height, *, colours=False):
    """Return the lines on a terminal of this size."""
    file = StringIO()
    console = Console(
        file=file,
        width=width,
        height=height,
        force_terminal=colours,
        color_system="truecolor" if colours else None,
        legacy_windows=False,
    )
    console.print(picture(view, width, height))
    return file.getvalue().splitlines()


@pytest.mark.parametrize("size", [(80, 24), (132, 43), (200, 60), (40, 12)])
def test_the_picture_fills_the_terminal_and_never_leaves_it(size):
    width, height = size
    rows = painted(view_of(scene_of(*TALK, media_s=60.0), media_s=61.0), *size)
    assert len(rows) == height
    assert {cell_len(row) for row in rows} == {width}


def test_at_80_by_24_all_that_matters_is_there():
    stopwatch = Stopwatch(lambda: 0.014)
    stopwatch.sent(b"t", 0.0)
    stopwatch.read("caption", b"t")
    scene = scene_of(*TALK, media_s=60.0)
    text = "\n".join(painted(view_of(scene, media_s=61.0, stopwatch=stopwatch), 80, 24))
    for part in (
        "island.jsonl",
        "×12  01:01 / 10:00",
        "00:00 Anna  How tall is the tower?",
        "“fifteen”",
        "⚑",
        "repetition_loop",
        "The beam carries ninety",
        "● lamp, optic",
        "lamp, glass",
        "○ puffins?",
        "✗ mallet",
        "3 captions · 1 cue, 1 in profile · 1 revised · 1 flag · 0 rejected",
        "14 ms median",
    ):
        assert part in text


def test_a_cue_stands_in_the_middle_in_two_lines():
    rows = painted(view_of(scene_of(*TALK, media_s=60.0), media_s=61.0), 80, 24)
    upper, lower = rows[18:20]
    assert upper.strip() == "How tall"
    assert lower.strip() == "is the tower?"
    assert abs(len(lower) - len(lower.lstrip()) - (80 - len(lower.rstrip()))) <= 1


def test_what_may_still_change_is_dim_and_what_is_stable_is_not():
    row = next(
        row
        for row in painted(view_of(scene_of(*TALK)), 80, 24, colours=True)
        if "beam" in row
    )
    stable, unsure = row.split("The beam carries")
    assert stable.endswith("\x1b[97m")
    assert unsure.removeprefix("\x1b[0m").startswith("\x1b[2;3m")


MANY = (
    *(topic("started", number) for number in range(9)),
    *(
        topic("labelled", number, revision=1, label="puffins, burrows, chicks")
        for number in range(8)
    ),
    *(final(number, "We found fifty chicks fewer. " * 3) for number in range(217)),
    *(final(number, "and so", flags=(LOOP,)) for number in range(300, 310)),
    *(cue(number, "one", "two") for number in range(410)),
)


@pytest.mark.parametrize("size", [(60, 20), (50, 20), (40, 12)])
def test_where_it_is_narrow_whole_parts_are_left_out_and_no_number_is_cut(size):
    stopwatch = Stopwatch(lambda: 0.014)
    stopwatch.sent(b"t", 0.0)
    stopwatch.read("caption", b"t")
    rows = painted(view_of(scene_of(*MANY), stopwatch=stopwatch), *size)
    counts, latency = rows[-2:]
    assert counts.startswith("227 captions · ")
    assert counts.rstrip().endswith("0 rejected")
    assert latency.startswith("14 ms median, 14 ms p95 ")
    assert latency.endswith("Ctrl-C ends it")
    assert "…" not in counts + latency


def test_topics_and_captions_leave_the_picture_whole():
    body = painted(view_of(scene_of(*MANY)), 60, 20)[3:14]
    captions, topics = zip(*(row.split(" │ ") for row in body), strict=True)
    for column in (captions, topics):
        first = next(row for row in column if row.strip())
        assert first[:1].isdigit(), body


def test_a_topic_without_a_name_is_called_a_new_one():
    text = "\n".join(painted(view_of(scene_of(topic("started", 0))), 80, 24))
    assert "○ a new topic?" in text


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_signs_are_explained_where_there_is_room(size):
    legend = painted(view_of(scene_of(*TALK)), *size)[-1]
    assert all(sign in legend for sign in "○●✗↺✎⚑")


def test_where_there_is_none_captions_come_first():
    assert "maybe a topic" not in "\n".join(painted(view_of(scene_of(*TALK)), 60, 20))


TEXTS = st.text(min_size=0, max_size=300)
WIDE = st.text("漢字かな🎉 é\u0301\t\n\x1b", max_size=200)


@given(
    st.lists(TEXTS | WIDE, max_size=12),
    TEXTS | WIDE,
    st.integers(40, 120),
    st.integers(10, 50),
)
def test_whatever_is_said_the_picture_keeps_its_size(texts, label, width, height):
    scene = scene_of(
        *(updated(number, text, stable=1) for number, text in enumerate(texts)),
        topic("started", 0, label=label, keyphrases=(label, label)),
        cue(0, *texts[:2], start_s=0.0, end_s=9.0),
    )
    rows = painted(view_of(scene, media_s=1.0, end_s=5000.0), width, height)
    assert len(rows) == height
    assert {cell_len(row) for row in rows} == {width}


@pytest.mark.parametrize("size", [(20, 5), (1, 1), (79, 3)])
def test_a_terminal_too_small_is_no_reason_to_fail(size):
    width, height = size
    view = view_of(scene_of(*TALK))
    assert len(painted(view, 200, height)) == height
    picture(view, width, height)


def test_before_anything_came_the_picture_says_so():
    view = view_of(Scene(profile="web"), media_s=0.0)
    assert "waiting for the first caption" in "\n".join(painted(view, 80, 24))


def told(*messages):
    scene = Scene(profile="web")
    found = []
    for message in messages:
        before, scene = scene, fold(scene, message, 0.0)
        found += lines(before, scene, message)
    return found


def test_lines_tell_what_stays_and_nothing_that_still_grows():
    assert told(
        updated(0, "How ta"), updated(0, "How tall", revision=1), final(0, "How tall?")
    ) == ["[00:00] Anna: How tall?"]


def test_a_revised_caption_is_told_again_with_the_words_that_went():
    assert told(final(1, "fifteen chicks"), revised(1, "fifty chicks"))[1:] == [
        "     ~ [00:10] Magnus: fifty chicks  [was: fifteen]"
    ]


def test_a_revision_of_what_was_never_told_is_not_told_either():
    assert told(updated(0, "fifteen"), revised(0, "fifty", final=False)) == []


def test_a_flag_is_told_with_its_evidence():
    [line] = told(final(0, "and so", flags=(LOOP,)))
    assert line.endswith("[repetition_loop: 4 x 'and so']")


def test_a_topic_is_told_once_as_soon_as_it_is_certain_and_has_a_name():
    named_first = (
        topic("started", 1),
        topic("labelled", 1, revision=1, label="puffins"),
        topic("confirmed", 1, revision=2, label="puffins"),
        topic("labelled", 1, revision=3, label="puffins, burrows"),
    )
    assert told(*named_first) == ["== [01:40] Topic: puffins"]
    certain_first = (
        topic("started", 1),
        topic("confirmed", 1, revision=1),
        topic("labelled", 1, revision=2, label="puffins"),
    )
    assert told(*certain_first) == ["== [01:40] Topic: puffins"]


def test_a_topic_that_did_not_stand_is_never_told():
    assert (
        told(
            topic("started", 1),
            topic("labelled", 1, revision=1, label="mallet"),
            topic("withdrawn", 1, revision=2, label="mallet"),
        )
        == []
    )


def test_what_is_said_cannot_steer_a_terminal():
    [line] = told(final(0, "one\x1b[2Jtwo\nthree"))
    assert line.isprintable()


def test_the_summary_has_every_count_and_each_topic_that_stands():
    stopwatch = Stopwatch(lambda: 0.014)
    stopwatch.sent(b"t", 0.0)
    stopwatch.read("caption", b"t")
    scene = fold_rejected(scene_of(*TALK), "not_json")
    written = list(summary(view_of(scene, stopwatch=stopwatch)))
    text = "\n".join(written)
    for part in (
        "captions         3, 18 words",
        "revised          1 ",
        "cues             1, 1 within profile web",
        "flags            repetition_loop 1",
        "rejected         not_json 1",
        "after 14 ms (median), 14 ms (95th percentile) of 1",
        "with their topic not measured",
        "2 topics:",
        "lamp, optic",
        "puffins",
        "caption-worker replay",
        "README.md",
    ):
        assert part in text
    assert "mallet" not in text
    assert max(map(len, written)) <= 80
