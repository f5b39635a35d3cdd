"""A peer's process: started, killed, and what it costs as Linux tells."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[3]
_TICKS = os.sysconf("SC_CLK_TCK")
_STOP_S = 15.0


class Start(NamedTuple):
    """When a process decided its first segment, and the CPU time it had used."""

    at_s: float
    cpu_s: float


class Process:
    """A peer's process; its folder outlives it.

    Args:
        command: What to run.
        env: Its variables, over those of this process.
        folder: For its files and its log.
    """

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], folder: Path
    ) -> None:
        self.folder = folder
        self._note = self.folder / f"started-{time.time_ns()}"
        self.log = self.folder / "log"
        self.began_s = time.time()
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
                env={
                    **os.environ,
                    "PYTHONDONTWRITEBYTECODE": "1",
                    "FOLDER": str(self.folder),
                    "STARTED_FILE": str(self._note),
                    **env,
                },
            )

    @property
    def alive(self) -> bool:
        return self.popen.poll() is None

    def start(self) -> Start | None:
        """Return when it began to decide, None if it has not."""
        try:
            at_s, cpu_s = map(float, self._note.read_text().split())
        except (OSError, ValueError):  # not there yet, or not whole
            return None
        return Start(at_s, cpu_s)

    def cpu_s(self) -> float:
        """Return the CPU seconds it has used so far."""
        stat = Path(f"/proc/{self.popen.pid}/stat").read_text().rpartition(")")[2]
        fields = stat.split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def peak_mib(self) -> float:
        """Return the most memory it has held so far."""
        status = Path(f"/proc/{self.popen.pid}/status").read_text()
        line = next(one for one in status.splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) / 1024

    def kill(self) -> None:
        """Kill it, and all it has started."""
        self._send(signal.SIGKILL)
        self.popen.wait()

    def stop(self) -> None:
        """Ask it to end; kill it if it does not."""
        self._send(signal.SIGTERM)
        try:
            self.popen.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def _send(self, number: signal.Signals) -> None:
        if self.alive:
            os.killpg(self.popen.pid, number)
