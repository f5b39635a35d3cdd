"""Keeping the agents' processes alive, and ending them all."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from workers.delivery.exits import Exit

log = structlog.stdlib.get_logger(__name__)

FIRST_PAUSE_S = 0.3
LONGEST_PAUSE_S = 15.0
STEADY_S = 30.0
"""Who ran for so long is not ending over and over."""
GIVE_UP_AFTER = 8
GRACE_S = 30.0
"""From SIGTERM to SIGKILL; killing is safe, only slower for the next owner."""
ORPHAN_GRACE_S = 5.0
"""The same once our parent is gone, and mostly its Kafka too."""

NOT_AGAIN = {2, Exit.STATE_UNREADABLE, Exit.POSITION, Exit.TOPICS, Exit.ACCESS}
"""Exit codes that a restart does not help."""


@dataclass
class _Child:
    agent: str
    process: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0
    restart_s: float = 0.0
    failures: int = 0


@dataclass
class Supervisor:
    """Runs one process an agent.

    Args:
        agents: Their names.
        options: Passed on to each.
    """

    agents: Sequence[str]
    options: Sequence[str] = ()
    _stopping: bool = field(default=False, init=False)

    def run(self, *, with_parent: bool = False) -> int:
        """Run until told to stop, or until an agent cannot be helped.

        Args:
            with_parent: Stop also when standard input ends: our parent is gone.

        Returns:
            0 after SIGTERM or SIGINT; else the exit code of the agent given up.
        """
        wake_end, signal_end = os.pipe()
        os.set_blocking(signal_end, False)
        signal.set_wakeup_fd(signal_end, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        children = [_Child(agent) for agent in self.agents]
        waited = [wake_end, *([0] if with_parent else [])]
        code = 0
        grace_s = GRACE_S
        try:
            while not self._stopping and not code:
                code = max(self._look_after(child) for child in children)
                ready, _, _ = select.select(waited, [], [], self._pause_s(children))
                if wake_end in ready:
                    os.read(wake_end, 4096)
                if 0 in ready and not os.read(0, 4096):
                    self._stopping = True
                    grace_s = ORPHAN_GRACE_S
        finally:
            log.info("stopping")
            _end(children, grace_s)
            log.info("stopped")
        return code

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _look_after(self, child: _Child) -> int:
        """Start an agent that does not run; return its exit code to give up."""
        now_s = time.monotonic()
        if child.process is not None:
            code = child.process.poll()
            if code is None:
                return 0
            child.process = None
            steady = now_s - child.started_s > STEADY_S
            child.failures = 1 if steady else child.failures + 1
            # Kafka may be away for an hour: that is no reason to be away for longer.
            over = child.failures >= GIVE_UP_AFTER and code != Exit.KAFKA_GONE
            if code in NOT_AGAIN or over:
                log.critical(
                    "agent given up", agent=child.agent, exit=code, ends=child.failures
                )
                return code if code > 0 else Exit.UNEXPECTED
            pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (child.failures - 1))
            child.restart_s = now_s + pause_s
            log.error(
                "agent ended, starting again",
                agent=child.agent,
                exit=code,
                pause_seconds=pause_s,
            )
        if now_s >= child.restart_s:
            child.process = self._start(child.agent)
            child.started_s = now_s
            log.info("agent started", agent=child.agent, pid=child.process.pid)
        return 0

    def _start(self, agent: str) -> subprocess.Popen[bytes]:
        # Its standard input is a pipe that ends with us, however we end.
        return subprocess.Popen(  # noqa: S603  # our own program
            [
                *(sys.executable, "-m", "workers", "run"),
                *(*_options(agent), "--with-parent"),
                *self.options,
            ],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def _pause_s(self, children: Sequence[_Child]) -> float | None:
        waiting = [child.restart_s for child in children if child.process is None]
        return max(0.0, min(waiting) - time.monotonic()) if waiting else None


def stop_with_parent() -> None:
    """Wait for the end of standard input; then stop as if told to."""
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _options(agent: str) -> list[str]:
    """Return how one agent is asked for."""
    kind, _, provider = agent.partition("-")
    return ["--agent", kind, *(["--provider", provider] if provider else [])]


def _end(children: Sequence[_Child], grace_s: float) -> None:
    """End all processes; those that do not heed SIGTERM in time are killed."""
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    until_s = time.monotonic() + grace_s
    for process in running:
        try:
            process.wait(max(0.0, until_s - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
