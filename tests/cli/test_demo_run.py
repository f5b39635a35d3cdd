"""The demo as people start it: a child process, its own Kafka, its output on a pipe."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.processes import MARK, descendants
from workers.delivery.clients import Connection

COMMAND = [sys.executable, "-m", "workers", "demo"]


def start(mark, *arguments, stderr=subprocess.PIPE):
    return subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        env={**os.environ, MARK: mark},
    )


def kafka_folder(mark):
    """Return the temporary folder of the Kafka that this demo started."""
    for pid in descendants(mark):
        command = Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")
        if "kafka.Kafka" in command:
            return Path(command[-1]).parent
    raise AssertionError("no Kafka runs")


def commands(mark):
    """Return the command lines of all that this demo started."""
    return [
        Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        for pid in descendants(mark)
    ]


def gone(mark, folder, timeout_s=45):
    until_s = time.monotonic() + timeout_s
    while descendants(mark) or folder.exists():
        if time.monotonic() > until_s:
            return False
        time.sleep(0.1)
    return True


@pytest.mark.timeout(120)
def test_a_demo_on_a_pipe_tells_everything_and_leaves_nothing_behind():
    demo = start("whole", "--speed", "200", stderr=subprocess.STDOUT)
    out, _ = demo.communicate(timeout=100)
    assert demo.returncode == 0, out
    assert not descendants("whole")
    captions = re.findall(r"^\[\d\d:\d\d\] \w+: .+$", out, re.MULTILINE)
    assert re.search(r"^ +~ .*fifty chicks.*\[was: fifteen\]$", out, re.MULTILINE)
    topics = re.findall(r"^== \[\d\d:\d\d\] Topic: (.+)$", out, re.MULTILINE)
    counted = re.search(r"captions +(\d+), \d+ words", out)
    assert len(captions) == int(counted[1]) > 200
    assert len(topics) >= 5
    assert len(set(topics)) == len(topics)
    assert re.search(r"rejected +none", out)
    assert re.search(r"captions came +after \d+ ms .* of [1-9]\d+$", out, re.MULTILINE)
    assert "\x1b" not in out
    assert out.startswith("starting Kafka")
    assert re.search(r"^live page: http://127\.0\.0\.1:\d+/$", out, re.MULTILINE)
    # Where to look next is what stays on the screen.
    assert out.index("stopping Kafka") < out.index("captions came")


async def left_on(kafka):
    """Return the Kafka topics and groups of demos on this Kafka."""
    admin = Connection(bootstrap=kafka.bootstrap).admin()
    await admin.start()
    try:
        names = await admin.list_topics()
        groups = [group for group, *_ in await admin.list_consumer_groups()]
    finally:
        await admin.close()
    return [name for name in (*names, *groups) if name.startswith("demo-")]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("speed", ["0", "200"])
async def test_a_reader_who_goes_ends_a_demo_which_takes_all_away_again(kafka, speed):
    demo = start(f"gone{speed}", "--speed", speed, "--broker", kafka.bootstrap)
    assert demo.stdout.readline().startswith("[00:00]")
    assert await left_on(kafka)
    demo.stdout.close()
    assert await asyncio.to_thread(demo.wait, 60) == 0
    assert "Traceback" not in demo.stderr.read()
    assert await left_on(kafka) == []


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("end", "code"),
    [
        (signal.SIGTERM, 130),  # it becomes Ctrl-C on its way
        (signal.SIGKILL, -signal.SIGKILL),
    ],
)
def test_however_a_demo_ends_kafka_and_the_agents_end_with_it(end, code):
    mark = end.name
    demo = start(mark)
    try:
        assert demo.stdout.readline().startswith("[00:00]")
        folder = kafka_folder(mark)
        assert folder.exists()
        assert any("view" in command for command in commands(mark))
        assert len(descendants(mark)) >= 5
    finally:
        demo.send_signal(end)
        demo.communicate(timeout=60)
    assert demo.returncode == code
    assert gone(mark, folder)


def test_a_file_that_cannot_be_read_is_said_before_anything_is_started(tmp_path):
    demo = start("unreadable", "--file", str(tmp_path / "none.vtt"))
    out, err = demo.communicate(timeout=60)
    assert demo.returncode == 2
    assert out == ""
    [line] = err.splitlines()
    assert "none.vtt" in line
