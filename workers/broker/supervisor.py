"""A process between us and Kafka: ends Kafka when we end, however we end.

Run by its path with a bare Python, so it imports nothing of ours. What the kernel
offers by itself (PR_SET_PDEATHSIG) ends Kafka also when the *thread* that started it
ends, which in a program with threads is any time; here there is one thread only.

Standard input: ``stop`` or ``kill``; its end means that our parent is gone. Standard
output: the process id of Kafka, once. We end when Kafka has ended.
"""

import contextlib
import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

LOOK_FOR_PARENT_SECONDS = 1.0
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)
OUR_ID = os.getpid()


def _end_with_us() -> None:
    # In the child, before it becomes Java: killed by the kernel when we are killed.
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != OUR_ID:
        os._exit(1)


def _orders(parent: int, woken: int) -> str:
    """Wait; return what we are told: stop, kill, orphaned, or "" for a signal."""
    ready, _, _ = select.select([0, woken], [], [], LOOK_FOR_PARENT_SECONDS)
    if woken in ready and signal.SIGTERM in os.read(woken, 4096):
        return "stop"
    # A process forked from our parent may hold the other end of the pipe.
    if os.getppid() != parent:
        return "orphaned"
    if 0 in ready:
        return os.read(0, 4).decode() or "orphaned"
    return ""


def _supervise(
    command: list[str], parent: int, lock: int, grace_seconds: float
) -> tuple[int, bool]:
    """Run *command* until it ends; return its exit code and whether we are orphans."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    kafka = subprocess.Popen(  # noqa: S603 - the command is ours
        command,
        stdin=subprocess.DEVNULL,
        stdout=2,
        pass_fds=[lock],  # the data folder is taken while Kafka lives
        preexec_fn=_end_with_us if sys.platform == "linux" else None,  # noqa: PLW1509 - one thread
    )
    os.write(1, f"{kafka.pid}\n".encode())
    order = ""
    while kafka.poll() is None and not order:
        order = _orders(parent, woken)
    if order == "kill":
        kafka.kill()
    elif order:
        kafka.terminate()
    try:
        code = kafka.wait(grace_seconds)
    except subprocess.TimeoutExpired:
        kafka.kill()
        code = kafka.wait()
    return code, order == "orphaned" or os.getppid() != parent


def main(task: dict[str, Any]) -> None:
    """Run the task's command; then keep Java's archive, remove a temporary folder."""
    code, orphaned = _supervise(
        task["command"], task["parent"], task["lock"], task["grace_seconds"]
    )
    if task["archive"]:
        unfinished, archive = map(Path, task["archive"])
        with contextlib.suppress(OSError):
            if code == -signal.SIGKILL:
                unfinished.unlink()
            else:
                unfinished.replace(archive)
    if orphaned and task["temporary"]:
        shutil.rmtree(task["temporary"], ignore_errors=True)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
