"""What the demo needs around it: Kafka, the worker and the live page."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    NotCoordinatorForGroupError,
)

from schemas.kafka_topics import AGENTS
from workers.broker import EmbeddedKafka
from workers.cli.demo.steps import fetching, step
from workers.cli.errors import CommandError, check_port
from workers.cli.output import notes
from workers.cli.view import installed
from workers.settings import Settings, variable

READY_S = 90.0
"""The worker loads its language first; a laptop takes 3 s, a busy machine longer."""
LOOK_EVERY_S = 0.1
STOP_S = 40.0
"""More than the worker gives its agents."""
LOG_LINES = 3

NOT_YET = (
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    NotCoordinatorForGroupError,
)
"""A broker that is new sets up its offsets when somebody first asks for them."""


@contextmanager
def kafka() -> Iterator[str]:
    """Run Kafka on this machine; yield its ``host:port``.

    Raises:
        BrokerError: It cannot start.
    """
    with step("starting Kafka", "Kafka started") as say:
        broker = EmbeddedKafka(on_progress=fetching(say))
        broker.start()
    try:
        yield broker.bootstrap
    finally:
        with step("stopping Kafka", "Kafka stopped"):
            broker.stop()


class Child:
    """A command of ours as a child; it ends with us, however we end.

    Args:
        name: What it is called when it has ended.
        command: Its words.
        overrides: Settings, by name, that stand above those of our environment.
        out: Where its standard output goes; None: with its log.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        overrides: Mapping[str, Any],
        out: int | None = None,
    ) -> None:
        self._name = name
        told = {variable(name): str(value) for name, value in overrides.items()}
        told |= {variable("log_format"): "text", variable("log_level"): "warning"}
        # It has no name, so nothing is left of it when we are killed.
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # open as long as we are
        self._process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-m", "workers", *command, "--with-parent"],
            stdin=subprocess.PIPE,
            stdout=self._log if out is None else out,
            stderr=self._log,
            env={**os.environ, **told},
            start_new_session=True,  # Ctrl-C is for us; we end it
        )

    def check(self) -> None:
        """See that it runs.

        Raises:
            CommandError: It has ended; with the end of its log.
        """
        code = self._process.poll()
        if code is not None:
            self._log.seek(0)
            said = self._log.read().decode(errors="replace").splitlines()
            last = [line.strip() for line in said[-LOG_LINES:]]
            raise CommandError(
                " | ".join([f"{self._name} ended with exit code {code}", *last])
            )

    def line(self) -> str:
        """Wait for a line of its output; empty if it ends before."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().decode().strip()

    def stop(self) -> None:
        """End it, and wait until it has."""
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._log.close()


@contextmanager
def worker(overrides: Mapping[str, Any]) -> Iterator[Child]:
    """Run the worker."""
    running = Child("the worker", ["run"], overrides)
    try:
        yield running
    finally:
        with step("stopping the worker", "worker stopped"):
            running.stop()


@contextmanager
def page(settings: Settings, overrides: Mapping[str, Any]) -> Iterator[str | None]:
    """Run the live page; yield its address, None where its packages are missing."""
    if not installed():
        notes.print(
            "without the live page: its packages are in `caption-worker[view]`",
            soft_wrap=True,
        )
        yield None
        return
    try:
        check_port(settings.view_host, settings.view_http_port, "", "")
    except CommandError:
        overrides = {**overrides, "view_http_port": 0}
    running = Child("the live page", ["view"], overrides, subprocess.PIPE)
    try:
        address = running.line()
        if not address:
            running.check()
        yield address
    finally:
        running.stop()


async def until_ready(settings: Settings, running: Child) -> None:
    """Wait until both agents have their partitions.

    Nothing sent earlier would be lost; but the first captions would wait for the
    agents, and that is not how fast they are.

    Raises:
        CommandError: The worker ended, or needs too long.
    """
    from workers.app import connection  # noqa: PLC0415  # slow to import

    admin = connection(settings).admin()
    await admin.start()
    try:
        until_s = time.monotonic() + READY_S
        while not await _ready(admin, settings):
            running.check()
            if time.monotonic() > until_s:
                raise CommandError(
                    f"the worker was not ready in {READY_S:.0f} s; is the machine busy?"
                )
            await asyncio.sleep(LOOK_EVERY_S)
    finally:
        await admin.close()


async def _ready(admin: Any, settings: Settings) -> bool:
    for agent in AGENTS:
        group = f"{settings.prefix}-{agent}"
        try:
            (answer,) = await admin.describe_consumer_groups([group])
        except NOT_YET:
            return False
        # Not its offsets: who has decided nothing yet has none.
        if any(state != "Stable" for _, _, state, *_ in answer.groups):
            return False
    return True
