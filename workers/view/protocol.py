"""HTTP as uvicorn speaks it, with limits and answers of our own."""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from workers.view import problems

MAX_HEADERS = 16 * 1024
"""Bytes of a request's first line and headers."""
REQUEST_S = 10.0
"""So long a connection may take to make a request."""
BUFFER = 16 * 1024
"""Bytes that wait in our memory for a client that does not read."""
LINGER_S = 1.0
TOO_LARGE = 431


class Wire:
    """A connection on which an answer without a length has begun.

    Pieces are framed here as h11 does it (chunks of HTTP/1.1): the same event goes to
    hundreds of clients, and by way of ASGI and h11 that took as long as all else.
    """

    def __init__(self, protocol: H11Protocol) -> None:
        self._protocol = protocol

    @property
    def is_full(self) -> bool:
        """Whether the client has not taken what was written before."""
        return bool(self._protocol.flow.write_paused)

    async def drain(self) -> None:
        """Wait until it has, or is gone."""
        await self._protocol.flow.drain()

    def write(self, piece: bytes) -> None:
        """Write a piece, which is not empty; nothing if the client is gone."""
        transport = self._protocol.transport
        if not transport.is_closing():
            transport.write(b"%x\r\n%b\r\n" % (len(piece), piece))


class Protocol(H11Protocol):
    """One connection: closed when it asks for nothing, aborted when it reads nothing.

    What a request calls ``state["abort"]`` ends its connection at once, without waiting
    for a client to take what is on its way. What it calls ``state["wire"]``, if it may
    be answered in pieces, takes pieces of an answer that has begun.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inner: Any = self.app
        self._refused = False
        self._waiting: asyncio.TimerHandle | None = None

        async def app(scope: Any, receive: Any, send: Any) -> None:
            self._stop_waiting()
            scope["state"]["abort"] = self.transport.abort
            if scope["http_version"] == "1.1" and scope["method"] == "GET":
                scope["state"]["wire"] = Wire(self)
            await inner(scope, receive, send)

        self.app = app

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=BUFFER)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in what comes, unless no more is wanted."""
        if not self._refused:
            super().data_received(data)

    def on_response_complete(self) -> None:
        """Wait for the next request: one that begins and does not end is none."""
        if not self.transport.is_closing():
            self._wait()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, or more of it than anybody needs."""
        # Nobody but the parser knows which it was, and it keeps that to itself: its
        # buffer does not.
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.abort()
            return
        large = len(self.conn.trailing_data[0]) > MAX_HEADERS
        status, detail = (
            (TOO_LARGE, f"the headers have more than {MAX_HEADERS} bytes")
            if large
            else (400, msg)
        )
        body = problems.document(status, detail)
        for event in (
            h11.Response(
                status_code=status,
                headers=[
                    (b"content-type", problems.MEDIA_TYPE.encode()),
                    (b"content-length", str(len(body)).encode()),
                    (b"connection", b"close"),
                ],
            ),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        # Closed while more comes in, the connection would be reset, and our answer be
        # lost with it: so we listen for a moment, to nothing.
        self._refused = True
        self.transport.write_eof()
        self.loop.call_later(LINGER_S, self.transport.abort)

    def _wait(self) -> None:
        self._stop_waiting()
        self._waiting = self.loop.call_later(REQUEST_S, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
