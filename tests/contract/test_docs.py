"""Documents: what they link to is there, also the heading; commands are commands."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from workers.cli.main import app

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    {*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("schemas/*.md")}
)


def anchors(page):
    """Return the anchors of a page's headings, as web pages of code make them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_inside_the_project_leads_somewhere(page):
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", page.read_text()):
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_option_of_a_page_is_one(page):
    lines = re.findall(
        r"^\$ (caption-worker .+?)(?:\s+#.*)?$", page.read_text(), re.MULTILINE
    )
    for line in lines:
        words = [word for word in shlex.split(line)[1:] if word not in ("|", "<")]
        command = words[:2] if words[0] == "bench" else words[:1]
        shown = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "200"})
        assert shown.exit_code == 0, line
        for option in (word.partition("=")[0] for word in words if word[:2] == "--"):
            assert option in shown.output, line
