"""All streams that are known, within a bound of memory, and who waits for news."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from schemas.codec import EVENT, BadMessageError
from schemas.fields import Message
from workers.view import frames
from workers.view.frames import Frame
from workers.view.history import History, begun_at, life_of
from workers.view.positions import READ, START, Position, written
from workers.view.ring import Ring

MAX_STREAMS = 10_000
OVERHEAD = 4096
"""Bytes that a stream takes beside its captions and events."""
NEW_LIFE = "snapshot"
"""What clients are told when all they have is of a life that is over."""


class Record(NamedTuple):
    """What is needed of a record that was read from Kafka."""

    topic: int
    """The place of its Kafka topic in ``positions.READ``."""
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None


class Stream:
    """One stream: its present life, its newest events, and who waits for the next.

    Args:
        stream_id: Its name.
        partition: Where all of it is.
        history: Of the life it was first heard in.
    """

    def __init__(self, stream_id: str, partition: int, history: History) -> None:
        self.stream_id = stream_id
        self.partition = partition
        self.history = history
        self.ring = Ring()
        self.position: Position = START
        """Of the partition, when the newest event was taken in."""
        self.heard_ms = 0
        """Kafka timestamp of the newest record."""
        self.began_ms = 0
        """Kafka timestamp of the first record of this life."""
        self.forgotten = False
        """Nobody will be told of anything any more."""
        self._news = asyncio.Event()

    @property
    def bytes(self) -> int:
        """About how much memory it takes."""
        return OVERHEAD + self.history.bytes + self.ring.bytes

    async def news(self) -> None:
        """Wait until there is more than before."""
        await self._news.wait()

    def wake(self) -> None:
        """Let go on who waits."""
        self._news.set()
        self._news = asyncio.Event()


class Streams:
    """Takes in what is read from Kafka, in the order of each Kafka topic.

    Args:
        max_bytes: Of all streams together; beyond it those that ended are forgotten,
            then those not heard for longest.
        clock_ms: Milliseconds since 1970.
    """

    def __init__(
        self,
        max_bytes: int,
        clock_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._streams: dict[str, Stream] = {}
        self._max_bytes = max_bytes
        self._bytes = 0
        self._positions: dict[int, Position] = {}
        self._touched: set[Stream] = set()
        self.clock_ms = clock_ms
        self.unreadable = 0
        """Records that were no message of ours."""
        self.forgotten = 0
        """Streams that were let go of for want of memory."""

    def __iter__(self) -> Iterator[Stream]:
        """Yield all streams that are known."""
        return iter(self._streams.values())

    def get(self, stream_id: str) -> Stream | None:
        """Return a stream by its name."""
        return self._streams.get(stream_id)

    def take(self, record: Record) -> None:
        """Take in one record; clients learn of it at the next `wake`."""
        position = list(self._positions.get(record.partition, START))
        position[record.topic] = record.offset + 1
        at = self._positions[record.partition] = tuple(position)
        if record.key is not None and record.value is None:
            self._erase(record.key.decode(errors="replace"))
            return
        try:
            message = EVENT.decode(record.key, record.value)
        except BadMessageError:
            self.unreadable += 1
            return
        life = life_of(message)
        if life is None or not isinstance(message, READ[record.topic].messages):
            self.unreadable += 1
            return
        stream = self._stream(message, life, record)
        if stream is None:
            return  # of a life that is over: the agent that wrote it is behind
        before = stream.bytes
        self._add(stream, message, record, at)
        self._bytes += stream.bytes - before
        self._touched.add(stream)
        if self._bytes > self._max_bytes or len(self._streams) > MAX_STREAMS:
            self._forget(keep=stream)

    def wake(self) -> None:
        """Tell clients that there is news; once a fetch, not once a record."""
        touched, self._touched = self._touched, set()
        for stream in touched:
            stream.wake()

    def _stream(self, message: Message, life: str, record: Record) -> Stream | None:
        known = self._streams.get(message.stream_id)
        if known is None:
            new = Stream(message.stream_id, record.partition, History(life))
            new.began_ms = record.timestamp_ms
            self._streams[message.stream_id] = new
            self._bytes += new.bytes
            return new
        if life != known.history.life:
            if begun_at(life) < begun_at(known.history.life):
                return None
            self._bytes -= known.bytes
            known.history = History(life)
            known.began_ms = record.timestamp_ms
            known.ring.clear()
            known.ring.append(Frame(-1, -1, NEW_LIFE, begin(known)))
            self._bytes += known.bytes
        return known

    def _add(
        self, stream: Stream, message: Message, record: Record, at: Position
    ) -> None:
        data = frames.body(message)
        kind = type(message).__name__
        stream.history.take(message, data, record.timestamp_ms)
        stream.heard_ms = max(stream.heard_ms, record.timestamp_ms)
        stream.position = at
        event = frames.event(kind, data, written(at))
        stream.ring.append(Frame(record.topic, record.offset, kind, event))

    def _erase(self, stream_id: str) -> None:
        """Let go of a stream that has to be forgotten.

        Each Kafka topic says so: what another one still tells of it goes with its own.
        """
        stream = self._streams.pop(stream_id, None)
        if stream is not None:
            self._bytes -= stream.bytes
            self._touched.discard(stream)
            stream.forgotten = True
            stream.wake()

    def _forget(self, keep: Stream) -> None:
        """Let go of streams until a tenth is free, so that it is not done each time."""
        order = sorted(
            (one for one in self._streams.values() if one is not keep),
            key=lambda one: (one.history.ended is None, one.heard_ms),
        )
        for stream in order:
            if (
                self._bytes <= 0.9 * self._max_bytes
                and len(self._streams) <= 0.9 * MAX_STREAMS
            ):
                break
            del self._streams[stream.stream_id]
            self._bytes -= stream.bytes
            self.forgotten += 1
            stream.forgotten = True
            stream.wake()


def begin(stream: Stream) -> bytes:
    """Return the event after which a client starts with nothing."""
    history = stream.history
    fields: dict[str, Any] = {
        "stream_id": stream.stream_id,
        "life": history.life,
        "from_start": not history.cut,
    }
    return frames.told(NEW_LIFE, **fields)
