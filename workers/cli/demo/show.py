"""The show itself: the recording is sent, what comes of it is read and displayed."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any, Protocol

from msgspec import Struct

from schemas.fields import Message
from workers.adapters.timed import Timed
from workers.cli.demo.latency import Stopwatch
from workers.cli.demo.listening import Listener
from workers.cli.demo.scene import Scene, fold, fold_rejected
from workers.cli.demo.stage import Child
from workers.cli.errors import CommandError
from workers.cli.sending import Sender, pace_of, play, sending
from workers.settings import Settings

FRAME_S = 1 / 8
LOOK_EVERY_S = 0.5
SILENT_S = 60.0
"""After the last segment, with nothing new to read: something is broken."""


class View(Struct, frozen=True, kw_only=True):
    """All that a frame shows."""

    title: str
    scene: Scene
    media_s: float
    end_s: float
    speed: float
    stopwatch: Stopwatch
    page: str | None = None
    """Address of the live page."""


class Display(Protocol):
    """Who shows it."""

    def take(self, before: Scene, after: Scene, message: Message) -> None:
        """Show what one event brought."""

    def paint(self, view: View) -> None:
        """Show how it stands now; called some times a second."""


class Show:
    """One recording, from its first segment to the last event about it.

    Args:
        title: What is played.
        timed: The recording.
        speed: Media seconds in a second; 0 never waits.
        settings: Of the worker; the first profile is the one to show.
        display: Who shows it.
        page: Address of the live page, if there is one.
    """

    def __init__(
        self,
        title: str,
        timed: tuple[Timed, ...],
        speed: float,
        settings: Settings,
        display: Display,
        page: str | None = None,
    ) -> None:
        self._title = title
        self._timed = timed
        self._settings = settings
        self._display = display
        self._page = page
        self._pace = pace_of(timed, speed)
        self._streams = frozenset(one.segment.stream_id for one in timed)
        self._stopwatch = Stopwatch(time.monotonic)
        self._scene = Scene(profile=settings.profiles[0])
        self._began_s: float | None = None
        self._sent_to_s = 0.0
        self._all_sent = False

    async def run(self, worker: Child) -> View:
        """Play all of it; return how it stood at the end.

        Raises:
            CommandError: The worker ended, or nothing comes any more.
            KafkaError: Kafka cannot be reached.
        """
        from workers.app import connection  # noqa: PLC0415  # slow to import

        link = connection(self._settings)
        listener = Listener(
            link.consumer(auto_offset_reset="earliest"),
            self._settings.prefix,
            self._stopwatch,
        )
        try:
            await listener.start()
            # Unsampled, so that what is read has the very traceparent that was sent.
            async with sending(link, self._settings.prefix, sampled=False) as sender:
                await _first_to_end(
                    self._listen(listener),
                    self._send(sender),
                    _watch(worker),
                    self._show(),
                )
        finally:
            await listener.stop()
        return self.view()

    def view(self) -> View:
        """Return all that a frame shows."""
        return View(
            title=self._title,
            scene=self._scene,
            media_s=self._media_s(),
            end_s=self._timed[-1].at_s,
            speed=self._pace.speed,
            stopwatch=self._stopwatch,
            page=self._page,
        )

    def _media_s(self) -> float:
        """Return how far the recording has come, also between two segments."""
        if self._began_s is None or self._all_sent or not self._pace.speed:
            return self._sent_to_s
        gone_s = time.monotonic() - self._began_s
        return min(self._pace.first_s + gone_s * self._pace.speed, self._timed[-1].at_s)

    async def _send(self, sender: Sender) -> None:
        async def put(one: Timed) -> None:
            at_s = time.monotonic()
            traceparent = await sender.put(one.segment)
            # Nothing of it can have been read yet: reading needs this thread too.
            self._stopwatch.sent(traceparent, at_s)
            self._sent_to_s = one.at_s

        self._began_s = time.monotonic()
        await play(self._timed, self._pace, put)
        await sender.finish()
        self._all_sent = True
        await asyncio.Event().wait()

    async def _listen(self, listener: Listener) -> None:
        """Read until all is there; then once more, for what came with the last."""
        heard_s = time.monotonic()
        while not self._complete() or time.monotonic() - heard_s < FRAME_S:
            if await listener.read(self._take, self._refused):
                heard_s = time.monotonic()
            elif self._all_sent and time.monotonic() - heard_s > SILENT_S:
                raise CommandError(
                    f"nothing new came from the worker for {SILENT_S:.0f} s, and the "
                    "stream has not ended; is Kafka still there?"
                )

    def _complete(self) -> bool:
        return (
            self._all_sent
            and self._scene.streams_ended >= self._streams
            and self._scene.topics_ended >= self._streams
        )

    def _take(self, message: Message) -> None:
        before = self._scene
        self._scene = fold(before, message, self._media_s())
        self._display.take(before, self._scene, message)

    def _refused(self, reason: str) -> None:
        self._scene = fold_rejected(self._scene, reason)

    async def _show(self) -> None:
        while True:
            self._display.paint(self.view())
            await asyncio.sleep(FRAME_S)


async def _watch(worker: Child) -> None:
    while True:
        worker.check()
        await asyncio.sleep(LOOK_EVERY_S)


async def _first_to_end(*works: Coroutine[Any, Any, None]) -> None:
    """Run all until one ends, or fails: that is ours to raise; cancel the others."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
