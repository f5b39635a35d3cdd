"""How the app starts: nothing waits that need not."""

import gc
from types import SimpleNamespace
from typing import Any

import faust
import pytest

from workers.delivery.app import NoTables, run_agent


async def test_no_start_waits_for_tables_that_there_are_not():
    done: list[str] = []

    async def update_channels() -> None:
        done.append("channels")

    async def start() -> None:
        done.append("recovery")

    async def sleep(_: float) -> None:
        done.append("slept")

    tables: Any = SimpleNamespace(
        should_stop=False,
        sleep=sleep,
        _update_channels=update_channels,
        recovery=SimpleNamespace(start=start),
    )
    await NoTables.on_start(tables)
    assert done == ["channels", "recovery"]


def test_while_an_agent_runs_a_turn_is_not_looked_through_for_cycles(monkeypatch):
    looks: list[int] = []

    class Worker:
        crash_reason = None

        def __init__(self, *_: Any, **__: Any) -> None: ...

        def execute_from_commandline(self) -> None:
            gc.callbacks.append(lambda phase, _: looks.append(phase == "start"))
            of_a_turn = [[number] for number in range(10_000)]
            gc.callbacks.pop()
            raise SystemExit(len(of_a_turn) - 10_000)

    watchdog = SimpleNamespace(start=lambda: None, end=lambda: None)
    lifecycle = SimpleNamespace(watchdog=watchdog)
    app: Any = SimpleNamespace(lifecycle=lifecycle, crash_reason=None)
    monkeypatch.setattr(faust, "Worker", Worker)
    before = gc.get_threshold()
    gc.collect()
    try:
        with pytest.raises(SystemExit):
            run_agent(app)
    finally:
        gc.set_threshold(*before)
    assert looks == []
