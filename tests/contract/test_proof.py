"""The page on the proof tells what the journals tell, and what there is."""

from tests.chaos.plan import FAULTS
from tests.chaos.points import LEAVING, STARTING, WORKING
from tests.chaos.report import PAGE, with_report

TEXT = PAGE.read_text()


def test_the_report_is_what_the_journals_say():
    assert with_report(TEXT) == TEXT, "run `make docs`"


def test_every_fault_is_explained():
    told = TEXT[TEXT.index("| Fault | How |") : TEXT.index("## What the long runs did")]
    names = {
        part.strip()
        for line in told.splitlines()[2:]
        if line.startswith("|")
        for part in line.split("|")[1].split(",")
    }
    short = {"broker stop": "stop", "broker pause": "pause"}
    assert [kind for kind in FAULTS if short.get(kind, kind) not in names] == []


def test_the_numbers_of_points_are_right():
    assert f"one of {len(WORKING)} named points" in TEXT
    assert f"at {len(STARTING) + len(LEAVING)} points while" in TEXT
