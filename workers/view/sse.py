"""A stream's events as a response without an end, which clients that stall lose."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

import anyio
import orjson
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import AppStatus, EventSourceResponse, SendTimeoutError

from workers.view.protocol import Wire

HEARTBEAT_S = 10
STALLED_S = 10.0
"""A client that takes nothing for so long is cut; it may come back."""
LAST_S = 1.0
"""So long a client has, when we end, to take what is on its way to it."""


class Clients:
    """Who follows streams now.

    Args:
        connected: Tells whether Kafka is there; clients are told with each heartbeat.
    """

    def __init__(self, connected: Callable[[], bool]) -> None:
        self.count = 0
        self._connected = connected

    def heartbeat(self) -> ServerSentEvent:
        """Return what is sent now and then: captions may be silent for long."""
        told = orjson.dumps({"kafka": self._connected()}).decode()
        return ServerSentEvent(told, event="heartbeat", sep="\n")


class EventStream(EventSourceResponse):
    """Sends events for as long as the client takes them.

    Args:
        events: What is sent, each as it goes over the wire, or several joined.
        clients: Among whom this one is counted.
    """

    def __init__(self, events: AsyncGenerator[bytes], clients: Clients) -> None:
        super().__init__(
            events,
            ping=HEARTBEAT_S,
            ping_message_factory=clients.heartbeat,
            sep="\n",
            send_timeout=STALLED_S,
            headers={"Cache-Control": "no-store"},
        )
        self._clients = clients
        self._events = events
        self._wire: Wire | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send until the client goes, stalls, or we end."""
        self._clients.count += 1
        self._wire = scope["state"].get("wire")
        try:
            await super().__call__(scope, receive, send)
            if self.active and AppStatus.should_exit and scope["method"] == "GET":
                await self._end(send)
        except SendTimeoutError:
            # Not closed: that would wait for the client to take what it does not.
            scope["state"]["abort"]()
            await anyio.sleep(0.1)
        finally:
            self._clients.count -= 1

    async def _end(self, send: Any) -> None:
        """Tell the client that nothing more comes, now that sending was broken off."""
        with anyio.move_on_after(LAST_S) as waiting:
            if self._wire is not None:
                await self._wire.drain()
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        if waiting.cancelled_caught:
            raise SendTimeoutError

    async def _stream_response(self, send: Any) -> None:
        """Send what comes straight to the wire, where that can be done."""
        if self._wire is None:
            await super()._stream_response(send)
            return
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
            }
        )
        async with aclosing(self._events) as events:
            async for piece in events:
                if self._wire.is_full:
                    with anyio.move_on_after(STALLED_S) as waiting:
                        await self._wire.drain()
                    if waiting.cancelled_caught:
                        raise SendTimeoutError
                self._wire.write(piece)
        async with self._send_lock:
            self.active = False
            await send({"type": "http.response.body", "body": b"", "more_body": False})
