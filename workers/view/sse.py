"""A stream's events as a response that ends with us, which clients that stall lose."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

import anyio
import orjson
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse, SendTimeoutError

from workers.view.protocol import Wire

HEARTBEAT_S = 10
STALLED_S = 10.0
"""A client that takes nothing for so long is cut; it may come back."""


class Clients:
    """Who follows streams now, until all are let go.

    Args:
        connected: Tells whether Kafka is there; clients are told with each heartbeat.
    """

    def __init__(self, connected: Callable[[], bool]) -> None:
        self.count = 0
        self._connected = connected
        self._ending = asyncio.Event()

    def let_go(self) -> None:
        """End what is sent to them: of itself it would never be done."""
        self._ending.set()

    async def ending(self) -> None:
        """Wait until they are let go."""
        await self._ending.wait()

    def heartbeat(self) -> ServerSentEvent:
        """Return what is sent now and then: captions may be silent for long."""
        told = orjson.dumps({"kafka": self._connected()}).decode()
        return ServerSentEvent(told, event="heartbeat", sep="\n")


class EventStream(EventSourceResponse):
    """Sends events for as long as the client takes them, or until it is let go.

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
        self._sending = anyio.CancelScope()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send until the client goes, stalls, or we end."""
        self._clients.count += 1
        self._wire = scope["state"].get("wire")
        try:
            await super().__call__(scope, receive, send)
        except SendTimeoutError:
            # Not closed: that would wait for the client to take what it does not.
            scope["state"]["abort"]()
            await anyio.sleep(0.1)
        finally:
            self._clients.count -= 1

    async def _listen_for_exit_signal_with_grace(self) -> None:
        """Send no more events once we end; what was begun is finished, not cut."""
        await self._clients.ending()
        self._sending.cancel()
        # Were this done, the response would be cancelled before its end is sent.
        await anyio.sleep_forever()

    async def _stream_response(self, send: Any) -> None:
        """Send events, then the end of the response."""
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
            }
        )
        with self._sending:
            async with aclosing(self._events) as events:
                if self._wire is None:
                    await self._send_pieces(events, send)
                else:
                    await self._write_pieces(events, self._wire)
        async with self._send_lock:
            self.active = False
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send_pieces(self, events: AsyncGenerator[bytes], send: Any) -> None:
        async for piece in events:
            await self._send_with_timeout(
                send, {"type": "http.response.body", "body": piece, "more_body": True}
            )

    async def _write_pieces(self, events: AsyncGenerator[bytes], wire: Wire) -> None:
        """Send what comes straight to the wire, where that can be done."""
        async for piece in events:
            if wire.is_full:
                with anyio.move_on_after(STALLED_S) as waiting:
                    await wire.drain()
                if waiting.cancelled_caught:
                    raise SendTimeoutError
            wire.write(piece)
