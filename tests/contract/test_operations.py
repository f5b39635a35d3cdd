"""The operations page knows each exit code and each reason; links lead somewhere."""

import re
from pathlib import Path
from typing import get_args

import pytest

from schemas.codec import Reason
from workers.cli.supervise import NOT_AGAIN
from workers.delivery.exits import Exit

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "OPERATIONS.md").read_text()
DELIVERY = ROOT / "workers" / "delivery"


def test_every_exit_code_has_its_section_and_no_other_has():
    found = re.findall(r"^### (\d+) ([A-Z_]+)$", PAGE, re.MULTILINE)
    assert found == [(str(int(code)), code.name) for code in Exit]


def test_every_reason_why_a_record_is_rejected_is_explained():
    given = set(get_args(Reason))
    for name in ("decide", "batches", "unreadable"):
        source = (DELIVERY / f"{name}.py").read_text()
        given |= set(re.findall(r'_reject\(\s*record, "(\w+)"', source))
        given |= set(re.findall(r'(?:_unread|Fault)\(\s*"(\w+)"', source))
    assert {"failed", "quarantined", "header_name", "batch_too_large"} <= given
    assert [reason for reason in given if f"`{reason}`" not in PAGE] == []


def test_what_is_not_started_again_is_the_same_as_the_supervisor_says():
    (listed,) = re.findall(r"starts an agent again, but not after (.+?)\.", PAGE)
    assert {int(code) for code in re.findall(r"\d+", listed)} == set(
        map(int, NOT_AGAIN)
    )


@pytest.mark.parametrize("name", ["docs/OPERATIONS.md", "SECURITY.md"])
def test_every_link_leads_to_a_file_and_a_heading(name):
    page = ROOT / name
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text()):
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.is_file(), target
        headings = re.findall(r"^#+ (.+)$", there.read_text(), re.MULTILINE)
        names = {
            re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings
        }
        assert not anchor or anchor in names, target
