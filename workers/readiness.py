"""The log tells when captions begin to be made here, and when and why that ceases.

`/ready` tells the same to whoever asks; a person who reads the log did not ask.
"""

import asyncio
from typing import Final, NoReturn

import structlog

from workers.health import Health

log = structlog.stdlib.get_logger(__name__)

_LOOK_S: Final = 0.5
_HELD: Final = 4
"""So many looks in a row have to agree on a change: partitions that are shared out anew
are away for a moment, and a lag may go to and fro about its bound."""


class Readiness:
    """What the log was told, and what is to be told next."""

    def __init__(self) -> None:
        self.told: bool | None = None
        """None: nothing yet."""
        self._otherwise = 0

    def changed(self, reasons: list[str]) -> bool:
        """Take in one look; return whether a change is to be told.

        The first time of being ready is told at once, and that an agent is not ready
        before that is no change.

        Args:
            reasons: Why it is not ready; none if it is.
        """
        ready = not reasons
        self._otherwise = 0 if ready is bool(self.told) else self._otherwise + 1
        if self._otherwise < (1 if self.told is None else _HELD):
            return False
        self.told = ready
        self._otherwise = 0
        return True


async def tell_readiness(health: Health, metrics_url: str) -> NoReturn:
    """Look again and again, and log each change.

    Args:
        health: Of this process.
        metrics_url: Where its metrics are, told when it is ready.
    """
    readiness = Readiness()
    while True:
        reasons = health.not_ready()
        if readiness.changed(reasons):
            if reasons:
                log.warning("not ready", reasons=reasons)
            else:
                log.info("ready", metrics=metrics_url)
        await asyncio.sleep(_LOOK_S)
