"""Named points inside a turn at which a worker's process ends or stops itself.

Only in processes that a test starts: `install` wraps the methods of `workers.delivery`.
A point is armed from outside, by a variable at the start or by an order and a signal
later. What happens is told in a file of events before it happens.
"""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final

import msgspec
from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.transaction import EndTxnRequest

from workers.delivery import owner
from workers.delivery.group_offsets import GroupOffsets
from workers.delivery.owner import Owner
from workers.delivery.partition import Partition
from workers.delivery.transaction import Transactions
from workers.delivery.turns import Turns

VARIABLE: Final = "CHAOS_ARMED"

ARM: Final = signal.SIGRTMIN
"""Tells a process to read its order."""

CLOCK: Final = "clock"
"""No point in a turn: the order is carried out at once."""

STARTING: Final = (
    "before the writer starts",
    "after the writer started",
    "before state is restored",
    "after state was restored",
    "before positions are set",
)
WORKING: Final = (
    "after a fetch",
    "before the note",
    "decided, nothing begun",
    "begun, nothing sent",
    "one Kafka topic sent",
    "all sent, nothing ended",
    "end sent, not answered",
    "end answered, not known",
    "committed, memory as before",
    "memory changed",
    "before the group's offset",
)
LEAVING: Final = ("before it lets go", "after it let go")
ALL: Final = (*STARTING, *WORKING, *LEAVING)


class Armed(msgspec.Struct):
    """What is to happen where."""

    point: str
    signal: int
    skip: int = 0
    """How often the point is passed before."""
    shift_s: float = 0.0
    """At `CLOCK`: how far the wall clock of the process is off from now on."""


class Points:
    """The points of this process.

    Args:
        folder: With the order and the events.
    """

    def __init__(self, folder: Path) -> None:
        self._order = folder / "order.json"
        self._events = (folder / "events.jsonl").open("ab", buffering=0)
        self._armed: Armed | None = None
        self.shift_s = 0.0
        variable = os.environ.get(VARIABLE)
        if variable:
            self._armed = msgspec.json.decode(variable, type=Armed)
        # Faust has taken the usual ones for itself.
        signal.signal(ARM, self._arm)

    def tell(self, **event: Any) -> None:
        """Add to the events; of all processes on this machine by one clock."""
        event = {"at": time.monotonic(), "pid": os.getpid(), **event}
        self._events.write(msgspec.json.encode(event) + b"\n")

    def reached(self, point: str) -> None:
        """End or stop here, if that is wanted."""
        armed = self._armed
        if armed is None or armed.point != point:
            return
        if armed.skip > 0:
            armed.skip -= 1
            return
        self._armed = None
        self.tell(point=point)
        os.kill(os.getpid(), armed.signal)

    def _arm(self, *_: object) -> None:
        armed = msgspec.json.decode(self._order.read_bytes(), type=Armed)
        if armed.point == CLOCK:
            self.shift_s = armed.shift_s
            self.tell(point=CLOCK)
        else:
            self._armed = armed

    def wrap(
        self, where: Any, name: str, before: str | None, after: str | None
    ) -> None:
        """Make points before and after a coroutine."""
        inner: Callable[..., Awaitable[Any]] = getattr(where, name)

        @wraps(inner)
        async def wrapped(*args: Any, **more: Any) -> Any:
            if before is not None:
                self.reached(before)
            result = await inner(*args, **more)
            if after is not None:
                self.reached(after)
            return result

        setattr(where, name, wrapped)


def install(points: Points) -> None:
    """Put the points into `workers.delivery`, and tell who owns what."""
    points.wrap(Transactions, "start", STARTING[0], STARTING[1])
    points.wrap(owner, "restore", STARTING[2], STARTING[3])
    points.wrap(Turns, "resume", STARTING[4], None)
    points.wrap(Turns, "_run", WORKING[0], None)
    points.wrap(Partition, "prepare", WORKING[1], None)
    points.wrap(Partition, "commit", WORKING[2], WORKING[9])
    points.wrap(Transactions, "_send", WORKING[3], WORKING[4])
    points.wrap(Partition, "_write", None, WORKING[8])
    points.wrap(GroupOffsets, "_commit", WORKING[10], None)
    points.wrap(Partition, "close", LEAVING[0], LEAVING[1])
    _around_the_end(points)
    wall = time.time
    time.time = lambda: wall() + points.shift_s
    own = Owner.own

    async def told(self: Owner[Any], numbers: Any, progress: Any) -> None:
        await own(self, numbers, progress)
        points.tell(owns=sorted(self.partitions))

    Owner.own = told


def _around_the_end(points: Points) -> None:
    ask = AIOKafkaClient.send

    async def send(
        self: AIOKafkaClient, node_id: int, request: Any, **more: Any
    ) -> Any:
        if not isinstance(request, EndTxnRequest):
            return await ask(self, node_id, request, **more)
        points.reached(WORKING[5])
        asking = asyncio.ensure_future(ask(self, node_id, request, **more))
        # It is written to the socket without waiting; the answer takes a moment.
        for _ in range(3):
            await asyncio.sleep(0)
        points.reached(WORKING[6])
        answer = await asking
        points.reached(WORKING[7])
        return answer

    AIOKafkaClient.send = send
