"""A thread that ends the process when nothing has moved for too long.

It sees what no code in the event loop can: the loop itself hanging, Faust waiting for
ever, a rebalance that does not end, a stop that does not stop.
"""

import threading
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from workers.delivery.exits import DeliveryError, HangError, KafkaGoneError, die, leave

_LOOKS_PER_LIMIT: Final = 20
_CLOSING_S: Final = 10.0


class Doing(StrEnum):
    """What a process is at."""

    STARTING = "starting"
    RESTORING = "restoring state"
    FETCHING = "fetching"
    DECIDING = "deciding and committing"
    IDLE = "owns no partition"
    RESTING = "all partitions rest"
    LETTING_GO = "letting partitions go"
    WAITING = "waiting for partitions"
    STOPPING = "stopping"
    CLOSED = "closing connections"
    """All positions are closed; nothing is lost any more."""

    @property
    def is_work(self) -> bool:
        """Whether records are decided, or would be if there were any."""
        return self in (Doing.FETCHING, Doing.DECIDING, Doing.IDLE, Doing.RESTING)


class Watchdog:
    """Expects `beat` again and again.

    Args:
        limit_s: How long it may take until the next beat.
        on_hang: What to do then; ends the process unless a test says otherwise.
        on_closed: What to do when only connections do not close; the same.
    """

    def __init__(
        self,
        limit_s: float,
        on_hang: Callable[[BaseException], object] = die,
        on_closed: Callable[[], object] = leave,
    ) -> None:
        self.limit_s = limit_s
        self.doing = Doing.STARTING
        self._on_hang = on_hang
        self._on_closed = on_closed
        self._last = time.monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(
            target=self._watch, name="delivery-watchdog", daemon=True
        )

    def start(self) -> None:
        """Begin to watch."""
        self.beat(Doing.STARTING)
        self._thread.start()

    def end(self) -> None:
        """Cease to watch."""
        self._ended.set()

    def beat(self, doing: Doing) -> None:
        """Tell that something has moved, and what is done next."""
        self._last = time.monotonic()
        self.doing = doing

    @property
    def silent_s(self) -> float:
        """Seconds since something moved."""
        return time.monotonic() - self._last

    def _watch(self) -> None:
        looked = time.monotonic()
        while not self._ended.wait(self.limit_s / _LOOKS_PER_LIMIT):
            now = time.monotonic()
            if now - looked > self.limit_s / 2:
                # This thread stood still as well: the whole process was stopped.
                self.beat(self.doing)
            looked = now
            silent_s = now - self._last
            if self.doing is Doing.CLOSED and silent_s > min(_CLOSING_S, self.limit_s):
                self._on_closed()
                return
            if silent_s > self.limit_s:
                self._on_hang(self._error(silent_s))
                return

    def _error(self, silent_s: float) -> DeliveryError:
        """Tell what hangs; who waits for partitions waits for Kafka alone."""
        told = f"nothing has moved for {silent_s:.1f} s: {self.doing}"
        return (KafkaGoneError if self.doing is Doing.WAITING else HangError)(told)
