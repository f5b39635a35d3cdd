"""A short mix of faults, as ``make chaos`` makes long ones: nothing lost or doubled."""

import pytest

from tests.chaos.journal import lines
from tests.chaos.plan import SHORT
from tests.chaos.report import report
from tests.chaos.run import Run, execute

SECONDS = 30
SEED = 11


@pytest.mark.timeout(600)
async def test_a_worker_killed_stopped_cut_off_and_taken_over_keeps_its_promise(
    tmp_path,
):
    slots = {"a": "merge", "b": "merge"}
    run = Run(SEED, SECONDS, SHORT, rate=50, slots=slots)
    violations = await execute(run, tmp_path)
    journal = list(lines(tmp_path / "journal.jsonl"))
    told = report([journal])
    assert violations == [], told
    # A fault that did not happen has shown nothing. Where the machine is so busy that
    # some are void, the two that have found most must have happened.
    happened = {line["kind"] for line in journal if line["what"] == "happened"}
    assert happened >= {"kill at a point", "late end"}, told
    assert [line for line in journal if line["what"] in ("not drained", "hang")] == []
    ends = [line for line in journal if line["what"] == "ended"]
    stopped = [line["code"] for line in ends if line["by"] in ("SIGTERM", "end")]
    assert set(stopped) == {0}, told
