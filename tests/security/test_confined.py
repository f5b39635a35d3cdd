"""The agents as an image confines them: nothing to write to, nobody in particular."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
import yaml

from tests.kafka_log import until
from workers.app import prepare
from workers.delivery.exits import Exit
from workers.settings import Settings

ROOT = Path(__file__).parents[2]
NOBODY = 10001
READ_ONLY = (
    "for mount in $(cut -d' ' -f2 /proc/self/mounts); do "
    'mount -o remount,ro,bind "$mount" 2>/dev/null; done; '
    'touch "$1" 2>/dev/null && exit 3; shift; exec "$@"'
)
"""In a view of the file system of its own: all of it read-only; 3 if it is not."""


def confined(folder, *command):
    """Return a command that runs another without rights and without a place to write.

    As another user where that one can read Python at all, which a home folder may not
    allow; else as this one, but without any capability.
    """
    executable = Path(sys.executable).resolve()
    may_read = all(each.stat().st_mode & 0o001 for each in (*executable.parents,))
    user = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return [
        *("unshare", "--mount", "sh", "-c", READ_ONLY, "sh", str(folder / "probe")),
        *("setpriv", *(user if may_read else []), "--no-new-privs"),
        *("--bounding-set=-all", "--inh-caps=-all"),
        *command,
    ]


def can_confine(folder):
    if not (shutil.which("unshare") and shutil.which("setpriv")):
        return False
    tried = subprocess.run(
        confined(folder, sys.executable, "-c", ""), capture_output=True, check=False
    )
    return tried.returncode == 0


def start(settings, agent, log):
    command = [sys.executable, "-B", "-m", "workers", "run", "--agent", agent]
    with log.open("wb") as file:
        return subprocess.Popen(
            confined(log.parent, *command),
            stdout=file,
            stderr=file,
            cwd=ROOT,
            env={
                **os.environ,
                "CAPTION_BROKER": settings.broker,
                "CAPTION_PREFIX": settings.prefix,
                "CAPTION_MERGE_METRICS_PORT": "0",
                "CAPTION_TOPICS_METRICS_PORT": "0",
            },
        )


async def test_both_agents_work_without_rights_on_a_read_only_file_system(
    kafka, tmp_path
):
    if not can_confine(tmp_path):
        pytest.skip("no right to make a view of the file system (unshare, setpriv)")
    settings = Settings(
        broker=kafka.bootstrap, prefix=f"confined-{uuid.uuid4().hex[:8]}", partitions=1
    )
    await prepare(settings)
    processes = {}
    for agent in ("merge", "topics"):
        log = tmp_path / f"{agent}.log"
        processes[log] = start(settings, agent, log)
    try:
        for log, process in processes.items():

            async def is_at_work(log=log, process=process):
                assert process.poll() is None, log.read_text()
                return b"restored" in log.read_bytes()

            await until(is_at_work)
            process.send_signal(signal.SIGTERM)
        for log, process in processes.items():
            code = await asyncio.to_thread(process.wait, 40)
            assert code == Exit.OK, log.read_text()
    finally:
        for process in processes.values():
            if process.poll() is None:
                process.kill()
                process.wait()


def test_the_image_runs_as_nobody_in_particular_and_has_no_secret_in_it():
    text = (ROOT / "deploy" / "Dockerfile").read_text()
    stage = text.rpartition("\nFROM ")[2]
    users = re.findall(r"^USER (\S+)", stage, re.MULTILINE)
    assert users == [str(NOBODY)]
    assert not re.search(r"^\s*ADD |curl|wget|--privileged", text, re.MULTILINE)
    assert not re.search(r"password|secret|token", text, re.IGNORECASE)
    assert not re.search(r"^FROM \S+:latest|^FROM [^:\s]+\s", text, re.MULTILINE)
    assert "uv sync --locked" in text


def test_the_composed_agents_are_read_only_without_capabilities():
    composed = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    ours = [
        service
        for service in composed["services"].values()
        if str(service["image"]).startswith("caption-worker")
    ]
    assert len(ours) >= 2
    for service in ours:
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert not service.get("privileged")
        ports = service.get("ports", [])
        assert all(str(port).startswith("127.0.0.1:") for port in ports)
