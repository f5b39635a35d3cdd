"""Clocks that are set and disks that are full: nothing is lost, doubled or unsaid."""

import json

import pytest

from tests.chaos import disks
from tests.chaos.journal import lines
from tests.chaos.report import report
from tests.chaos.run import Run, execute
from workers.delivery.exits import Exit

SLOTS = {"a": "merge", "b": "merge"}
DISK_MIB = 512
HOUR_S = 3600
AFTER_A_FAULT = {Exit.OK, Exit.KAFKA_GONE, -15}
"""-15: told to stop before it had begun."""


async def run(folder, **faults):
    """Make a run; return its journal once it is known to be without violations."""
    counts = {kind.replace("_", " "): count for kind, count in faults.items()}
    disk_mib = DISK_MIB if "disk full" in counts and disks.permitted() else None
    chosen = Run(5, 20, counts, rate=40, slots=SLOTS, disk_mib=disk_mib)
    violations = await execute(chosen, folder)
    journal = list(lines(folder / "journal.jsonl"))
    told = report([journal])
    assert violations == [], told
    assert [line for line in journal if line["what"] in ("not drained", "hang")] == []
    return journal


def said(folder) -> list[dict]:
    """Return the last words of processes that ended by themselves."""
    logs = folder.glob("*/worker.log")
    all_lines = [line for log in logs for line in log.read_text().splitlines()]
    events = [json.loads(line) for line in all_lines if line.startswith("{")]
    return [event for event in events if event.get("level") == "critical"]


@pytest.mark.timeout(400)
async def test_a_wall_clock_that_is_set_costs_no_word(tmp_path):
    journal = await run(tmp_path, clock_jump=4)
    jumps = [line for line in journal if line["what"] == "happened"]
    assert any(abs(line["shift_s"]) >= HOUR_S for line in jumps), jumps
    # Kafka takes nothing that is dated more than an hour ahead; nothing else ends one.
    for line in jumps:
        assert line["code"] is None or line["shift_s"] > HOUR_S, line


@pytest.mark.timeout(400)
async def test_a_broker_whose_disk_is_full_is_told_of_and_waited_for(tmp_path):
    journal = await run(tmp_path, disk_full=1)
    assert [line["kind"] for line in journal if line["what"] == "happened"]
    ends = [line for line in journal if line["what"] == "ended"]
    assert {line["code"] for line in ends} <= AFTER_A_FAULT, ends
    # Who did not outlast it says why, in the one line that a process ends with.
    words = [event["event"] for event in said(tmp_path)]
    assert len(words) == len([line for line in ends if line["by"] == "itself"])
    assert all("KAFKA_GONE" in word for word in words), words
