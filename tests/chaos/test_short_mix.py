"""A short mix of faults, as ``make chaos`` makes long ones: nothing lost or doubled."""

from pathlib import Path

import pytest

from tests.chaos.journal import lines
from tests.chaos.plan import SHORT
from tests.chaos.report import report
from tests.chaos.run import Run, execute

SECONDS = 30
SEEDS = (11, 12, 13)
"""The next one if a machine was so busy that a fault of `WANTED` came to nothing."""
WANTED = {"kill at a point", "late end"}
"""The faults that have found most; one that did not happen has shown nothing."""
BEGUN_S = 5.0
"""A process that is younger may not have heard yet that it should stop by itself."""


@pytest.mark.timeout(900)
async def test_a_worker_killed_stopped_cut_off_and_taken_over_keeps_its_promise(
    tmp_path,
):
    happened: set[str] = set()
    told = ""
    for seed in SEEDS:
        folder = tmp_path / str(seed)
        folder.mkdir()
        made, told = await _mixed(seed, folder)
        happened |= made
        if happened >= WANTED:
            return
    pytest.fail(f"{WANTED - happened} did not happen\n{told}")


async def _mixed(seed: int, folder: Path) -> tuple[set[str], str]:
    """Run a mix, find nothing wrong; return the faults that happened, and a report."""
    slots = {"a": "merge", "b": "merge"}
    run = Run(seed, SECONDS, SHORT, rate=50, slots=slots)
    violations = await execute(run, folder)
    journal = list(lines(folder / "journal.jsonl"))
    told = report([journal])
    assert violations == [], told
    assert [line for line in journal if line["what"] in ("not drained", "hang")] == []
    ends = [line for line in journal if line["what"] == "ended"]
    stopped = [line for line in ends if line["by"] in ("SIGTERM", "end")]
    # 75: Kafka was away just then, since other faults were under way.
    codes = {line["code"] for line in stopped if line["age_s"] >= BEGUN_S}
    assert codes <= {0, 75}, told
    assert {line["code"] for line in stopped} <= {0, 75, -15}, told
    return {line["kind"] for line in journal if line["what"] == "happened"}, told
