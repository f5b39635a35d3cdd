"""Sending a recording to Kafka: in its own pace, faster, or at once."""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from schemas.codec import encode
from schemas.kafka_topics import CORRECTIONS, SEGMENTS, full_name
from schemas.segment import CaptionCorrection, CaptionSegment
from workers.adapters.timed import Timed

UNACKNOWLEDGED = 1000
"""Segments on their way at most."""
PATIENCE_S = 30.0
"""A broker that restarts is back sooner."""
LET_GO_S = 5.0

T = TypeVar("T")


class Pace(Struct, frozen=True, kw_only=True):
    """How the time of a recording becomes the time of sending.

    The first segment goes at once: a recording cut out of a longer one may begin
    after an hour.
    """

    speed: float
    """Media seconds in a second; 0 never waits."""
    first_s: float
    """When the first segment was sent, in the recording's time."""

    def due_s(self, at_s: float) -> float:
        """Return the seconds from the start of sending to this moment."""
        return (at_s - self.first_s) / self.speed if self.speed else 0.0


def pace_of(timed: Iterable[Timed], speed: float) -> Pace:
    """Return the pace of a recording."""
    return Pace(speed=speed, first_s=min((one.at_s for one in timed), default=0.0))


def dated(one: Timed, pace: Pace, now: datetime, started_at: datetime) -> Timed:
    """Give a segment the dates of this sending, in place of those it was made with.

    A correction keeps its own: which of two stands is told by when a person made it.

    ``stream_started_at`` ties media time to the wall; that holds only while both run
    equally fast, so at another speed it is not told. Nor is it after a reconnect,
    where the provider's times began anew at a moment that no file tells.

    Args:
        one: From a recording.
        pace: Of this sending.
        now: When it is sent, with its offset from UTC.
        started_at: When the first segment was sent, likewise.
    """
    if isinstance(one.segment, CaptionCorrection):
        return one
    tied = pace.speed == 1 and one.segment.epoch == 0
    second_0 = started_at - timedelta(seconds=pace.first_s) if tied else None
    return Timed(
        one.at_s, replace(one.segment, emitted_at=now, stream_started_at=second_0)
    )


async def play(
    timed: Iterable[Timed],
    pace: Pace,
    put: Callable[[Timed], Awaitable[None]],
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Hand each segment on when it is due; who falls behind catches up.

    Args:
        timed: In the order of sending.
        pace: How fast.
        put: Takes one segment, dated.
        clock: Seconds that never jump.
        sleep: Waits for so many seconds.
    """
    began_s, started_at = clock(), datetime.now(UTC)
    for one in timed:
        wait_s = began_s + pace.due_s(one.at_s) - clock()
        if wait_s > 0:
            await sleep(wait_s)
        now = started_at + timedelta(seconds=clock() - began_s)
        await put(dated(one, pace, now, started_at))


class Sender:
    """Puts segments and corrections on their Kafka topics, without waiting for each.

    Each Kafka topic gets its own in order.

    Each has a ``traceparent`` of its own, which the worker passes on: what it caused
    can be told.

    Args:
        producer: Started, and idempotent, else a retry could change the order.
        prefix: Of the Kafka topics.
        clock: Seconds that never jump.
        sampled: Whether the worker is to tell spans of it, where those are set; else
            each ``traceparent`` comes back as it was sent.
    """

    def __init__(
        self,
        producer: Any,
        prefix: str,
        clock: Callable[[], float] = time.monotonic,
        *,
        sampled: bool = True,
    ) -> None:
        self._producer = producer
        self._segments = full_name(prefix, SEGMENTS)
        self._corrections = full_name(prefix, CORRECTIONS)
        self._clock = clock
        self._trace = secrets.token_hex(16)
        self._flags = "01" if sampled else "00"
        self._on_the_way: deque[tuple[float, asyncio.Future[Any]]] = deque()
        self.sent = 0

    async def put(self, segment: CaptionSegment | CaptionCorrection) -> bytes:
        """Send one segment or correction; return its ``traceparent``.

        Raises:
            KafkaError: An earlier segment did not arrive.
        """
        self._look_back()
        if len(self._on_the_way) >= UNACKNOWLEDGED:
            await self._oldest()
        self.sent += 1
        traceparent = f"00-{self._trace}-{self.sent:016x}-{self._flags}".encode()
        corrects = isinstance(segment, CaptionCorrection)
        acknowledged = await _patiently(
            self._producer.send(
                self._corrections if corrects else self._segments,
                encode(segment),
                key=segment.stream_id.encode(),
                headers=[("traceparent", traceparent)],
            )
        )
        self._on_the_way.append((self._clock(), acknowledged))
        return traceparent

    async def finish(self) -> None:
        """Wait until Kafka has all.

        Raises:
            KafkaError: A segment did not arrive.
        """
        while self._on_the_way:
            await self._oldest()

    def _look_back(self) -> None:
        """See what has arrived: an idempotent producer tries for ever, unasked."""
        while self._on_the_way and self._on_the_way[0][1].done():
            self._on_the_way.popleft()[1].result()
        if self._on_the_way and self._clock() - self._on_the_way[0][0] > PATIENCE_S:
            raise _no_answer()

    async def _oldest(self) -> None:
        await _patiently(self._on_the_way.popleft()[1])


@asynccontextmanager
async def sending(
    connection: Any, prefix: str, *, sampled: bool = True
) -> AsyncIterator[Sender]:
    """Connect to Kafka to send; let go of it in the end, also if it is gone.

    Args:
        connection: A `workers.delivery.clients.Connection`; not named as a type here,
            since that is slow to import.
        prefix: Of the Kafka topics.
        sampled: As a `Sender` takes it.

    Raises:
        KafkaError: Kafka cannot be reached.
    """
    producer = connection.producer(enable_idempotence=True)
    try:
        await producer.start()
        yield Sender(producer, prefix, sampled=sampled)
    finally:
        await let_go(producer.stop())


async def let_go(stopping: Coroutine[Any, Any, None]) -> None:
    """Close a Kafka client; not for ever, as it would wait for a broker that is gone.

    What goes wrong in it is not told: all that matters has been acknowledged, or is
    an error on its way already. Such a client even raises that it was cancelled.
    """
    task = asyncio.create_task(stopping)
    await asyncio.wait([task], timeout=LET_GO_S)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _patiently(arriving: Awaitable[T]) -> T:
    try:
        # Before Python 3.12, asyncio.wait_for forgets a cancel that comes together
        # with the result.
        async with asyncio.timeout(PATIENCE_S):
            return await arriving
    except TimeoutError:
        raise _no_answer() from None


def _no_answer() -> Exception:
    from aiokafka.errors import KafkaTimeoutError  # noqa: PLC0415  # slow to import

    error: Exception = KafkaTimeoutError(
        f"a segment has not arrived in {PATIENCE_S:.0f} s"
    )
    return error
