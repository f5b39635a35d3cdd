import re
import shlex
import tomllib

import pytest
from typer.testing import CliRunner

from schemas.metrics import Stability, StreamMetrics
from tests.contract.numbers import (
    NUMBERS,
    PEERS,
    UnknownError,
    peers_sentence,
    short_numbers,
)
from tests.contract.readme import METRICS, README, SETTINGS, TABLES, with_tables
from workers.bench.captions.merging import COLUMNS
from workers.bench.simulator import KINDS
from workers.cli.main import app
from workers.core.quality import ECHO, HALLUCINATION, LOOP, PROFANITY
from workers.settings import Settings

TEXT = README.read_text()
EVENTS = (README.parent / "docs" / "EVENTS.md").read_text()
CORE = README.parent / "workers" / "core"


@pytest.mark.parametrize("page", TABLES, ids=lambda page: page.name)
def test_the_tables_are_what_the_code_says(page):
    assert with_tables(page) == page.read_text(), "run `make docs`"


def test_every_command_of_the_readme_is_one():
    listed = re.findall(r"^\| `([a-z]+)", TEXT, re.MULTILINE)
    known = {command.callback.__name__ for command in app.registered_commands}
    known |= {group.name for group in app.registered_groups}
    assert {name for name in listed if not name.startswith("captions")} >= known


def test_every_option_of_the_readme_is_one():
    for line in re.findall(r"^\$ (caption-worker .+?)(?:\s+#.*)?$", TEXT, re.MULTILINE):
        command, *words = shlex.split(line)[1:]
        shown = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"})
        assert shown.exit_code == 0
        for option in (word for word in words if word.startswith("--")):
            assert option in shown.output


def test_the_settings_in_the_pages_can_be_set():
    said = EVENTS + SETTINGS.read_text()
    examples = re.findall(r"^```toml\n(.+?)^```", said, re.MULTILINE | re.DOTALL)
    read = [tomllib.loads(example) for example in examples]
    assert sorted(set().union(*read)) == ["custom_profiles", "profiles", "watch_words"]
    for each in read:
        set_so = Settings(**each)
        assert set(set_so.profiles) >= set(set_so.custom_profiles)


def test_every_figure_of_a_stream_is_explained():
    said = EVENTS[EVENTS.index("## How a stream is doing") :]
    said = said[: said.index("\n## ", 1)]
    known = {"stream_id", "life", "agent", "number", "window_s", "last", "stability"}
    names = {*StreamMetrics.__struct_fields__, *Stability.__struct_fields__} - known
    assert [name for name in sorted(names) if f"{name}`" not in said] == []


def test_every_flag_is_explained():
    names = (LOOP, HALLUCINATION, ECHO, PROFANITY)
    assert [name for name in names if f"| `{name}` |" not in EVENTS] == []


def test_every_outcome_of_a_segment_is_explained():
    metrics = METRICS.read_text()
    said = metrics[metrics.index("`captions_segments_total` by outcome") :]
    source = "".join(path.read_text() for path in CORE.rglob("*.py"))
    outcomes = set(re.findall(r'(?:Noted|Nothing|Refused)\(\s*"(\w+)"', source))
    assert len(outcomes) > 5
    assert [name for name in outcomes if f"`{name}`" not in said] == []


def test_the_table_of_merging_has_a_row_for_each_kind_of_recogniser():
    said = NUMBERS.read_text()
    table = said[said.index("<!-- merging -->") : said.index("<!-- /merging -->")]
    head, _, *rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in table.splitlines()[1:]
    ]
    assert head == list(COLUMNS)
    named = [name.partition(",")[0] for name in KINDS]
    assert [row[0] for row in rows] == list(dict.fromkeys(named))


def test_whatever_number_of_a_page_changes_is_another_one_where_it_is_repeated():
    numbers, peers = NUMBERS.read_text(), PEERS.read_text()
    said = short_numbers(numbers, peers)
    for pattern in (
        r"compiled \| ([\d,]+ and [\d,]+) \|",
        r"plain Python \| ([\d,]+ and [\d,]+) \|",
        r"take (\S+) to \S+ s of CPU",
        r"compiled, `merge` does (\S+) and \S+ a second",
        r"committed, (\d+) ms after",
        r"\(median; (\d+) ms at the 95th",
        r"\| reconnect \| \d+ \| 0.\d+ \| ([\d.]+) \|",
        r"\| named \| \d+ \| 1.0000 \| (100) \|",
        r"\| island \| web \| live \| \d+ \| (100) \|",
        r"\| island \| bbc \| live \| \d+ \| \S+ \| \d+ \| \S+ \| ([\d.]+) \|",
        r"\| live \| \S+ \([^|]*\| \S+ \([^|]*\| (\.\d+) \(",
        r"set: live \|(?:[^|]*\|){7} (\.\d+) \|",
    ):
        found = re.search(pattern, numbers)
        assert found is not None, pattern
        first, end = found.span(1)
        other = f"{numbers[:first]}9{numbers[end:]}"
        assert short_numbers(other, peers) != said, pattern
    slower = re.sub(r"(this worker's delivery \| exactly once \| )\d", r"\1", peers)
    assert short_numbers(numbers, slower) != said
    assert peers_sentence(slower) != peers_sentence(peers)


def test_a_number_that_is_not_where_it_was_is_told():
    numbers, peers = NUMBERS.read_text(), PEERS.read_text()
    with pytest.raises(UnknownError):
        short_numbers(numbers.replace("after its segment was sent", ""), peers)
    with pytest.raises(UnknownError):
        short_numbers(numbers.replace("| recording | profile | cut |", "|"), peers)


def test_the_live_page_is_as_large_as_is_told():
    page = README.parent / "workers" / "view" / "page"
    size = sum(path.stat().st_size for path in page.rglob("*") if path.is_file())
    assert f"The live page: {size / 1000:.0f} kB" in NUMBERS.read_text()
