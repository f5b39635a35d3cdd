"""A short mix of faults, as ``make chaos`` makes long ones: nothing lost or doubled."""

import pytest

from tests.chaos.journal import lines
from tests.chaos.plan import SHORT
from tests.chaos.report import report
from tests.chaos.run import Run, execute

SECONDS = 30
SEED = 11
BEGUN_S = 5.0
"""A process that is younger may not have heard yet that it should stop by itself."""


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
    stopped = [line for line in ends if line["by"] in ("SIGTERM", "end")]
    # 75: Kafka was away just then, since other faults were under way.
    codes = {line["code"] for line in stopped if line["age_s"] >= BEGUN_S}
    assert codes <= {0, 75}, told
    assert {line["code"] for line in stopped} <= {0, 75, -15}, told
