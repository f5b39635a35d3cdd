"""Bench: what is left of it on somebody's Kafka, and when it is killed."""

import json
import os
import subprocess
import sys
import time

import pytest

from tests.cli.processes import MARK, descendants
from workers.delivery.clients import Connection


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


@pytest.mark.timeout(300)
async def test_a_bench_removes_its_kafka_topics_and_no_others(kafka):
    admin = Connection(bootstrap=kafka.bootstrap).admin()
    await admin.start()
    try:
        before = set(await admin.list_topics())
        sizes = ("--segments", "60000", "--streams", "50", "--processes", "2")
        run = subprocess.run(  # noqa: ASYNC221  # nothing else is to run meanwhile
            [
                *(sys.executable, "-m", "workers", "bench", "run", "--json"),
                *(*sizes, "--broker", kafka.bootstrap),
            ],
            check=True,
            capture_output=True,
        )
        after = set(await admin.list_topics())
    finally:
        await admin.close()
    assert not [name for name in after - before if name.startswith("bench-")]
    assert before - after <= {name for name in before if name.startswith("bench-")}
    told = json.loads(run.stdout)
    assert told["processes"] == 2
    assert told["agents"]["merge"]["records_per_second"] > 0
