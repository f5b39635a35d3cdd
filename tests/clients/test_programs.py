"""The programs of docs/CLIENTS.md, run as they stand there."""

import asyncio
import json
import re
import shutil
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from aiokafka.partitioner import DefaultPartitioner

from tests.contract.generated_types import TYPESCRIPT
from tests.end_to_end.stage import PARTITIONS, Stage
from tests.kafka_log import until
from tests.tools import NPM, node, tool
from workers.delivery.exits import Exit

PAGE = Path(__file__).parents[2] / "docs" / "CLIENTS.md"
PROGRAMS = dict(
    re.findall(
        r"^<!-- (\S+) -->\n```\w+\n(.+?)^```",
        PAGE.read_text(),
        re.MULTILINE | re.DOTALL,
    )
)
SAID = "Good evening, everyone."


@pytest.fixture
async def stage(kafka, tmp_path):
    prefix = f"client-{uuid.uuid4().hex[:8]}"
    stage = Stage(kafka.bootstrap, prefix, tmp_path)
    await stage.create()
    yield stage
    stage.close()


def put(stage: Stage, name: str) -> Path:
    """Write a program of the page, for this Kafka and these Kafka topics."""
    program = PROGRAMS[name].replace("127.0.0.1:9092", stage.settings.broker)
    program = re.sub(r"\bcaptions\.(?=\w+\.v1)", f"{stage.settings.prefix}.", program)
    program = program.replace("captions-reader", f"{stage.settings.prefix}-reader")
    path = stage.folder / name
    path.write_text(program)
    return path


async def ran(*command: str | Path) -> str:
    done = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, timeout=90, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def typescript(stage: Stage) -> Path:
    """Compile the program against our types; return what Node runs."""
    program = put(stage, "captions.mts")
    (stage.folder / "captions.d.ts").write_text(TYPESCRIPT.read_text())
    for name in ("node_modules", "package.json"):
        (stage.folder / name).symlink_to(NPM / name)
    node(
        "node_modules/typescript/bin/tsc",
        *("--strict", "--target", "es2022", "--module", "nodenext", "--skipLibCheck"),
        *("--types", "node", "--typeRoots", str(NPM / "node_modules" / "@types")),
        str(program),
    )
    return program.with_suffix(".mjs")


async def test_every_program_of_the_page_does_what_the_page_says(stage):
    worker = stage.start("merge")
    compiled = await asyncio.to_thread(typescript, stage)
    await until(worker.is_ready)
    await ran(sys.executable, put(stage, "write.py"))
    assert await ran(sys.executable, put(stage, "read.py")) == f"{SAID}\n"
    assert await ran(tool("node"), compiled) == f"{SAID}\n"
    tool("kcat")
    await ran("sh", put(stage, "kcat.sh"))
    await stage.drained(["merge"])
    looked = await ran("sh", put(stage, "look.sh"))
    lines = [line for line in looked.splitlines() if line.startswith("call-9 ")]
    assert "ce_type=captions.caption.final.v1" in lines[-2]
    assert json.loads(lines[-2][lines[-2].index("{") :])["text"] == SAID
    assert "ce_type=captions.stream.ended.v1" in lines[-1]
    await stage.send_raw([(b"call-9", b"{")])
    await stage.drained(["merge"])
    refused = await ran("sh", put(stage, "refused.sh"))
    assert "rejected_reason=not_json" in refused
    assert refused.endswith("\n{\n")
    # All clients have put a stream where every other one would have.
    places = {
        (row.key, number)
        for number, log in (await stage.read("segments.v1")).items()
        for row in log.values()
    }
    numbers = list(range(PARTITIONS))
    assert places == {
        (key, DefaultPartitioner()(key, numbers, numbers))
        for key in (b"call-7", b"call-8", b"call-9")
    }
    assert await worker.end(signal.SIGTERM) == Exit.OK


def test_the_page_has_each_program():
    assert set(PROGRAMS) == {
        "write.py",
        "read.py",
        "captions.mts",
        "kcat.sh",
        "look.sh",
        "refused.sh",
    }
    assert shutil.which("sh")
