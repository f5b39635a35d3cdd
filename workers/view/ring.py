"""The newest events of a stream, kept for clients that come back or are slow."""

from collections import deque
from collections.abc import Iterator

from workers.view.frames import Frame
from workers.view.positions import START, Position

MAX_FRAMES = 1000
MAX_BYTES = 512 * 1024
"""Whichever is reached first; a minute of a lively stream has about 400 events."""


class Ring:
    """A bounded run of events, numbered from 0 on; the oldest fall out.

    All clients read the same events and keep only the number of the next one: a client
    that does not read costs nothing here.
    """

    def __init__(
        self, max_frames: int = MAX_FRAMES, max_bytes: int = MAX_BYTES
    ) -> None:
        self._frames: deque[Frame] = deque()
        self._max_frames = max_frames
        self._max_bytes = max_bytes
        self.bytes = 0
        self.first = 0
        """The number of the oldest event that is kept."""
        self.gone: Position = START
        """Who stands before this has missed something."""

    @property
    def next(self) -> int:
        """The number that the next event will have."""
        return self.first + len(self._frames)

    def append(self, frame: Frame) -> None:
        """Keep an event; let go of the oldest until all fits."""
        self._frames.append(frame)
        self.bytes += len(frame.data)
        while len(self._frames) > self._max_frames or (
            self.bytes > self._max_bytes and len(self._frames) > 1
        ):
            self._drop()

    def clear(self) -> None:
        """Let go of all."""
        while self._frames:
            self._drop()

    def has(self, number: int) -> bool:
        """Tell whether nothing from this number on is gone."""
        return number >= self.first

    def covers(self, position: Position) -> bool:
        """Tell whether nothing after this position is gone."""
        return all(at >= gone for at, gone in zip(position, self.gone, strict=True))

    def since(self, number: int) -> Iterator[Frame]:
        """Yield the events from this number on, which has to be there."""
        for place in range(number - self.first, len(self._frames)):
            yield self._frames[place]

    def _drop(self) -> None:
        frame = self._frames.popleft()
        self.bytes -= len(frame.data)
        self.first += 1
        if frame.topic >= 0:
            gone = list(self.gone)
            gone[frame.topic] = max(gone[frame.topic], frame.offset + 1)
            self.gone = tuple(gone)
