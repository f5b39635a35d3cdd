"""``caption-worker forget`` on a real Kafka, with both agents at work."""

import json
import os
import signal
import subprocess
import sys
import uuid

import pytest

from tests.end_to_end.stage import ROOT, Stage, interleaved, talk
from tests.kafka_log import until
from workers.delivery.exits import Exit

RETENTION = {"CAPTION_TOPIC_RETENTION_DAYS": "segments=1, rejected=30"}
KEPT, GONE = b"stream-kept", b"stream-gone"


@pytest.fixture
async def stage(kafka, tmp_path):
    stage = Stage(
        kafka.bootstrap,
        f"forget-{uuid.uuid4().hex[:8]}",
        tmp_path,
        silence_s=60.0,
        topic_retention_days={"segments": 1, "rejected": 30},
    )
    await stage.create()
    yield stage
    stage.close()


def forget(stage, *options):
    return subprocess.run(
        [
            *(sys.executable, "-m", "workers", "forget", GONE.decode(), *options),
            *("--broker", stage.settings.broker, "--prefix", stage.settings.prefix),
        ],
        cwd=ROOT,
        env={**os.environ, **RETENTION},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


async def test_a_stream_is_forgotten_and_its_neighbour_is_not(stage):
    alone = forget(stage, "--wait", "0.1")
    assert alone.returncode == 2
    assert "is the worker running?" in alone.stderr
    agents = [stage.start(name, **RETENTION) for name in ("merge", "topics")]
    talks = [talk(stream.decode(), 40) for stream in (KEPT, GONE)]
    await stage.send(interleaved(talks))
    await stage.drained()

    done = forget(stage, "--json")
    assert done.returncode == 0, done.stderr
    gone_by = json.loads(done.stdout)["gone_by"]
    segments, captions, rejected = (
        gone_by[f"{stage.settings.prefix}.{name}.v1"]
        for name in ("segments", "captions", "rejected")
    )
    assert segments < captions < rejected

    await until(lambda: stage.is_drained("topics"))
    for agent in agents:
        assert await agent.end(signal.SIGTERM) == Exit.OK
    for name in ("merge.state.v1", "topics.state.v1"):
        newest = {row.key: row.value for row in await stage.rows(name)}
        assert newest[GONE] is None
        assert newest[KEPT] is not None
    for name in ("captions.v1", "cues.v1", "enriched.v1", "topics.v1", "metrics.v1"):
        rows = [row for row in await stage.rows(name) if row.key == GONE]
        assert rows[-1].value is None
    assert await stage.faults() == []
