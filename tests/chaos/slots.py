"""Places for worker processes: each is filled again when its process ends."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from tests.chaos.journal import Journal
from tests.chaos.points import ARM, VARIABLE, Armed
from workers.delivery.exits import Exit

ROOT = Path(__file__).parents[2]
RESTART_S = 0.2
"""A supervisor that starts at once what has ended; the worker's own waits longer."""
RESTED_S = 1.0


class Slot:
    """One place.

    Args:
        name: Its client id too, and with *static* its group instance id.
        agent: What runs there.
        variables: Settings.
        folder: For logs, orders and events.
        journal: Is told of each start and end.
        static: Whether the group knows it again after a restart.
    """

    def __init__(
        self,
        name: str,
        agent: str,
        variables: Mapping[str, str],
        folder: Path,
        journal: Journal,
        *,
        static: bool,
    ) -> None:
        self.name = name
        self.agent = agent
        self.static = static
        self.wanted = True
        """Whether it is filled again."""
        self.lasting = True
        """Whether it is there for the whole run."""
        self.busy = asyncio.Lock()
        """Held by the one fault that is done to it."""
        self.expected: str | None = None
        """What will have ended the process, when it ends."""
        self.armed: Armed | None = None
        """For the next start."""
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self._variables = dict(variables)
        if static:
            self._variables["CAPTION_GROUP_INSTANCE_ID"] = name
        self._folder = folder / name
        self._folder.mkdir()
        (self._folder / "events.jsonl").touch()
        self._journal = journal
        self._start_at = 0.0

    def tend(self) -> None:
        """Take notice of an end, and start again what should run."""
        process = self.process
        if process is not None and process.poll() is not None:
            code = process.returncode
            by = self.expected or "itself"
            age_s = round(time.monotonic() - self.started_at, 2)
            self._journal.write("ended", slot=self.name, by=by, code=code, age_s=age_s)
            self.process = self.expected = None
            pause_s = RESTART_S if by != "itself" or code == Exit.FENCED else RESTED_S
            self._start_at = time.monotonic() + pause_s
        if self.wanted and self.process is None and time.monotonic() >= self._start_at:
            self._start()

    def _start(self) -> None:
        variables = dict(self._variables)
        if self.armed is not None:
            variables[VARIABLE] = msgspec.json.encode(self.armed).decode()
            self.armed = None
        module = ("-m", "tests.chaos.agent_process")
        with (self._folder / "worker.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *module, self.agent, str(self._folder), self.name],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env={**os.environ, **variables},
            )
        self.started_at = time.monotonic()

    def alive(self) -> bool:
        """Say whether a process is there."""
        return self.process is not None and self.process.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Send its process a signal."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def arm(self, armed: Armed) -> None:
        """Order the running process to end or stop at a point."""
        order = self._folder / "order.json"
        new = order.with_suffix(".new")
        new.write_bytes(msgspec.json.encode(armed))
        new.replace(order)
        self.send(ARM)

    def disarm(self) -> None:
        """Take back an order that was not carried out."""
        self.expected = None
        self.arm(Armed("", 0))

    def events(self) -> list[dict[str, Any]]:
        """Return what the processes of this slot have told, oldest first."""
        text = (self._folder / "events.jsonl").read_text()
        return [json.loads(line) for line in text.splitlines()]

    def owned(self) -> list[int]:
        """Return what the running process owns, as far as it has told."""
        if self.process is None:
            return []
        own = [
            event["owns"]
            for event in self.events()
            if event["pid"] == self.process.pid and "owns" in event
        ]
        return own[-1] if own else []

    def at_work(self) -> bool:
        """Say whether the running process owns something."""
        return self.alive() and bool(self.owned())

    async def ended(self, timeout_s: float) -> int | None:
        """Wait for the end of the process; None if it does not end."""
        process = self.process
        assert process is not None
        try:
            return await asyncio.to_thread(process.wait, timeout_s)
        except subprocess.TimeoutExpired:
            return None

    def discard(self) -> None:
        """End it for good."""
        self.wanted = False
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
