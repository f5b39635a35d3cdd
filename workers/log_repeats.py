"""What a library logs over and over: the first time at once, then now and then.

While Kafka is away, aiokafka tells so a hundred times a second; an hour of that fills
disks, and hides what else happened.
"""

import logging
import time
from collections.abc import Callable
from typing import Final

EVERY_S: Final = 30.0
MOST: Final = 256
"""Messages that are told apart; texts that are never twice the same are no repeats."""


class Repeats:
    """A filter of `logging`: lets a message of these loggers through so seldom.

    Messages are alike where their logger, level and text before its values are.

    Args:
        loggers: First parts of the names of loggers; others are let through.
        clock_s: Seconds that never jump.
    """

    def __init__(
        self, loggers: tuple[str, ...], clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._loggers = frozenset(loggers)
        self._clock_s = clock_s
        self._told: dict[tuple[str, int, str], tuple[float, int]] = {}
        """When each was let through last, and how many were not since."""

    def __call__(self, record: logging.LogRecord) -> bool:
        """Tell whether to let a record through; how many were kept back is added."""
        if record.name.partition(".")[0] not in self._loggers:
            return True
        alike = (record.name, record.levelno, str(record.msg))
        now_s = self._clock_s()
        told_s, more = self._told.get(alike, (now_s - EVERY_S, 0))
        if now_s - told_s < EVERY_S:
            self._told[alike] = told_s, more + 1
            return False
        if len(self._told) >= MOST:
            self._told.clear()
        self._told[alike] = now_s, 0
        if more:
            record.msg = f"{record.msg} ({more} more like it in {now_s - told_s:.0f} s)"
        return True
