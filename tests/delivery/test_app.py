"""How the app starts: nothing waits that need not."""

from types import SimpleNamespace
from typing import Any

from workers.delivery.app import NoTables


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
