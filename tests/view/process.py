"""``caption-worker view`` as people start it: a child, its address on its output."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


class View:
    """A running view."""

    def __init__(self, broker, prefix, **variables) -> None:
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "workers", "view"),
                *("--broker", broker, "--prefix", prefix, "--port", "0"),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "CAPTION_LOG_LEVEL": "warning", **variables},
        )
        self.address = self.process.stdout.readline().strip()
        assert self.address, self.process.stderr.read()
        self.port = int(self.address.rstrip("/").rpartition(":")[2])

    def stop(self, number=signal.SIGTERM):
        """End it as an orchestrator does; return its exit code and what it said."""
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=30)
        return self.process.returncode, said


@contextmanager
def view(broker, prefix, **variables):
    running = View(broker, prefix, **variables)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
            running.process.communicate()


async def got(running, path, timeout_s=20):
    """Return what it answers, once it has heard of what is asked for."""

    def get():
        with urllib.request.urlopen(f"{running.address}{path}", timeout=20) as answer:
            return json.loads(answer.read())

    async with asyncio.timeout(timeout_s):
        while True:
            try:
                return await asyncio.to_thread(get)
            except urllib.error.HTTPError as error:
                if error.code not in (404, 503):
                    raise
                error.close()
                await asyncio.sleep(0.1)
