"""What one client gets of a stream: what stands, then what comes, without a hole."""

from collections.abc import AsyncGenerator, Callable, Collection, Iterator

from workers.view import frames
from workers.view.positions import Position, written
from workers.view.streams import NEW_LIFE, Stream, begin

CHUNK = 32 * 1024
"""Bytes handed over at a time; what a client that stalls holds in our memory."""


async def follow(
    stream: Stream, kinds: Collection[str] | None, position: Position | None
) -> AsyncGenerator[bytes]:
    """Yield server-sent events, several at a time, for as long as they are wanted.

    A client that is new gets ``snapshot``, then the newest event about each thing that
    stands, then ``live`` and what comes. One that comes back goes on where it was. One
    that missed something is told so by ``gap``, and begins anew. It ends when the
    stream is forgotten for want of memory.

    Args:
        stream: To follow.
        kinds: Names of the messages that are wanted; None is all.
        position: Where the client has got to, by the id of its last event.
    """
    wanted = _wanting(kinds)
    number = stream.ring.first
    if position is None or not stream.ring.covers(position):
        if position is not None:
            yield _gap("away_too_long")
        number = stream.ring.next
        for chunk in _chunks(_standing(stream, wanted)):
            yield chunk
        position = None
    while not stream.forgotten:
        if not stream.ring.has(number):
            yield _gap("too_slow")
            number = stream.ring.next
            for chunk in _chunks(_standing(stream, wanted)):
                yield chunk
            continue
        until = stream.ring.next
        if number == until:
            await stream.news()
            continue
        new = [
            frame.data
            for frame in stream.ring.since(number)
            if wanted(frame.kind) and not _seen(frame.topic, frame.offset, position)
        ]
        number = until
        for chunk in _chunks(iter(new)):
            yield chunk


def _wanting(kinds: Collection[str] | None) -> Callable[[str], bool]:
    if kinds is None:
        return lambda _: True
    chosen = frozenset(kinds) | {NEW_LIFE}
    return chosen.__contains__


def _seen(topic: int, offset: int, position: Position | None) -> bool:
    return position is not None and topic >= 0 and offset < position[topic]


def _standing(stream: Stream, wanted: Callable[[str], bool]) -> Iterator[bytes]:
    """Make the events of what stands now; a list, since it changes while it is sent."""
    history = stream.history
    standing = [one for one in history.standing(wanted) if wanted(one[0])]
    position = written(stream.position)
    ended = history.ended
    yield begin(stream)
    for kind, data in standing:
        yield frames.event(kind, data)
    if ended is not None and wanted("StreamEnded"):
        yield frames.event("StreamEnded", frames.body(ended))
    yield frames.told("live", position, stream_id=stream.stream_id)


def _chunks(events: Iterator[bytes]) -> Iterator[bytes]:
    waiting: list[bytes] = []
    size = 0
    for event in events:
        waiting.append(event)
        size += len(event)
        if size >= CHUNK:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def _gap(why: str) -> bytes:
    return frames.told("gap", why=why)
