"""``caption-worker view`` as people start it: a child, its address on its output."""

import os
import signal
import subprocess
import sys
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

    def stop(self):
        """End it as an orchestrator does; return its exit code and what it said."""
        self.process.send_signal(signal.SIGTERM)
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
