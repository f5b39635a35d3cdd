"""One run of Kafka: its supervisor, from launch to end."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Literal

from workers.broker.folder import DataFolder

GRACE_SECONDS = 20.0
"""From SIGTERM to SIGKILL; an end that writes Java's archive takes about six."""


class KafkaProcess:
    """Kafka under a supervisor of its own, which ends it when we end."""

    def __init__(
        self,
        command: list[str],
        folder: DataFolder,
        archive: tuple[Path, Path] | None,
    ) -> None:
        task = {
            "command": command,
            "parent": os.getpid(),
            "lock": folder.lock,
            "grace_seconds": GRACE_SECONDS,
            "temporary": str(folder.path) if folder.temporary else None,
            "archive": [str(path) for path in archive] if archive else None,
        }
        script = Path(__file__).with_name("supervisor.py")
        with folder.log_file.open("ab") as log:
            self._supervisor = subprocess.Popen(  # noqa: S603 - our own script
                [sys.executable, "-I", "-S", script, json.dumps(task)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                pass_fds=[folder.lock],
                start_new_session=True,  # Ctrl-C is for us; Kafka ends after the worker
            )
        assert self._supervisor.stdout
        self.pid = int(self._supervisor.stdout.readline() or -1)

    def alive(self) -> bool:
        """Say whether Kafka runs."""
        return self._supervisor.poll() is None

    def end(self, how: Literal["stop", "kill"]) -> None:
        """End Kafka with SIGTERM, and SIGKILL if it does not heed that, or at once."""
        assert self._supervisor.stdin
        assert self._supervisor.stdout
        with contextlib.suppress(BrokenPipeError):  # it has ended already
            self._supervisor.stdin.write(how.encode())
            self._supervisor.stdin.flush()
        try:
            self._supervisor.wait(GRACE_SECONDS + 5)
        except subprocess.TimeoutExpired:
            self._supervisor.kill()  # the kernel kills Kafka with it
            self._supervisor.wait()
        self._supervisor.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            self._supervisor.stdin.close()
