"""The Whisper text that stands in for a podcast says about itself what is true."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "data" / "whisper"
LINE = re.compile(r"\[([\d:.]{12}) --> ([\d:.]{12})\] {3}(\S.*\S)")


@pytest.fixture(scope="module")
def lines():
    written = (FOLDER / "interview.txt").read_text(encoding="utf-8").splitlines()
    return [LINE.fullmatch(line).groups() for line in written]


@pytest.fixture(scope="module")
def told():
    return json.loads((FOLDER / "interview.json").read_text(encoding="utf-8"))


def seconds(stamp):
    hours, minutes, rest = stamp.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def test_the_sidecar_counts_its_words_and_lines(lines, told):
    assert sum(len(text.split()) for _, _, text in lines) == told["words"]
    assert len(lines) == told["lines"]
    assert seconds(lines[-1][1]) == pytest.approx(told["end_s"], abs=0.02)


def test_a_topic_starts_at_the_word_and_in_the_line_it_names(lines, told):
    words = " ".join(text for _, _, text in lines).split()
    for topic in told["topics"]:
        first = topic["first_words"].split()
        assert words[topic["word"] :][: len(first)] == first
        start, end, text = lines[topic["line"]]
        assert seconds(start) <= topic["start_s"] <= seconds(end)
        assert first[0] in text.split()


def test_lines_are_in_order_and_as_long_as_those_of_whisper(lines):
    assert all(2 <= seconds(end) - seconds(start) <= 8 for start, end, _ in lines)
    assert all(seconds(one[1]) <= seconds(two[0]) for one, two in pairwise(lines))


def test_most_sentences_run_over_the_end_of_a_line(lines):
    whole = sum(text.endswith((".", "?", "!")) for _, _, text in lines)
    assert whole < len(lines) / 2


def test_nobody_is_named_as_the_speaker(lines):
    assert not any(re.match(r"[A-Z]\w*:", text) for _, _, text in lines)
