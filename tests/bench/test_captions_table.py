"""What pages tell of captions is what the commands make today."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from workers.bench.captions import tables
from workers.cli.main import app
from workers.recordings import demo_recording

DOCS = Path(__file__).parents[2] / "docs"
PAGE, EVENTS = DOCS / "NUMBERS.md", DOCS / "EVENTS.md"
TIME = "µs"
MAKE = "`caption-worker bench captions --markdown` prints it"


def rows(table):
    """Return the rows of a table in Markdown, cells by their columns, without times."""
    head, _, *lines = (
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in table.strip().splitlines()
        if line.startswith("|")
    )
    return [
        {name: cell for name, cell in zip(head, line, strict=True) if name != TIME}
        for line in lines
    ]


@pytest.fixture(scope="module")
def made():
    """All figures but times are the same wherever they are made."""
    return tables([demo_recording()])


def test_the_table_of_merging_is_what_the_command_prints(made):
    page = PAGE.read_text()
    shown = re.search(r"<!-- merging -->\n(.+?)<!-- /merging -->", page, re.DOTALL)[1]
    assert rows(shown) == rows(made["merging"].markdown()), MAKE


def test_the_table_of_cues_is_what_the_command_prints(made):
    page = PAGE.read_text()
    shown = page[page.index("| recording | profile | cut |") : page.index("## Topics")]
    assert rows(shown) == rows(made["cues"].markdown()), MAKE


def test_the_erasure_that_the_page_of_events_tells_of_the_demos_talk_is_so():
    main = CliRunner().invoke(app, ["process", str(demo_recording())])
    last = [
        one
        for one in map(json.loads, main.stdout.splitlines())
        if one["type"] == "StreamMetrics" and one["agent"] == "merge"
    ][-1]
    told = last["whole_life"]["stability"]
    of = re.search(r"erasure of ([\d.]+), and\sof\s([\d.]+) for", EVENTS.read_text())
    assert of[1] == f"{told['normalized_erasure']:.2f}"
    assert of[2] == f"{told['stable_normalized_erasure']:.3f}"
