"""How long the event loop is held up: what a fetch or a heartbeat waits for."""

import asyncio
import time
from typing import Final, NoReturn

from workers import metrics

_EVERY_S: Final = 0.25


async def measure_stalls() -> NoReturn:
    """Ask to be called back again and again, and note by how much it was late."""
    while True:
        asked_s = time.monotonic()
        await asyncio.sleep(_EVERY_S)
        late_s = time.monotonic() - asked_s - _EVERY_S
        metrics.STALL_SECONDS.observe(max(0.0, late_s))
