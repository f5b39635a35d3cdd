"""Bench: what is left when it is killed in the middle."""

import os
import subprocess
import sys
import time

import pytest

from tests.cli.processes import MARK, descendants


@pytest.mark.timeout(120)
def test_an_agent_ends_with_the_bench_that_started_it(kafka):
    mark = "killed"
    bench = subprocess.Popen(
        [
            *(sys.executable, "-m", "workers", "bench", "run"),
            *("--segments", "50000", "--broker", kafka.bootstrap),
        ],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, MARK: mark},
    )
    while len(descendants(mark)) < 2:
        assert bench.poll() is None
        time.sleep(0.1)
    bench.kill()
    bench.communicate()
    until_s = time.monotonic() + 60
    while descendants(mark):
        assert time.monotonic() < until_s
        time.sleep(0.1)
