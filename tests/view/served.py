"""The view over HTTP on loopback, with streams that a test fills by itself."""

import asyncio
import socket
from contextlib import asynccontextmanager

from tests.view.messages import records
from workers.core.cues import PROFILES
from workers.view.guards import Access
from workers.view.server import HttpServer
from workers.view.streams import Streams
from workers.view.viewed import Viewed


class Source:
    ready = True
    connected = True


class Served:
    """A running view, and the streams it shows."""

    def __init__(self, viewed) -> None:
        self.streams = viewed.streams
        self.source = viewed.reader
        self.port = 0
        self._viewed = viewed
        self._offsets = {}
        self._server = self._running = self._listener = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Serve; the second time where it was the first time."""
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        self._server = HttpServer(self._viewed)
        self._running = asyncio.create_task(self._server.listen(self._listener))
        while not self._server.started and not self._running.done():  # noqa: ASYNC110  # uvicorn's flag
            await asyncio.sleep(0.01)

    async def pause(self) -> None:
        """Stop serving; streams go on."""
        self._server.stop()
        self.drop()
        await self._running
        self._listener.close()

    async def restart(self) -> None:
        """Be away for a moment, or come back."""
        if not self._running.done():
            await self.pause()
        await self.start()

    def drop(self) -> None:
        """Cut all connections, as a network does."""
        for connection in tuple(self._server.server_state.connections):
            connection.transport.abort()

    def say(self, *messages, timestamp_ms=None) -> None:
        """Take in messages as if they had been read from Kafka."""
        now_ms = self.streams.clock_ms() if timestamp_ms is None else timestamp_ms
        for record in records(
            messages, offsets=self._offsets, timestamp_ms=now_ms, every_ms=0
        ):
            self.streams.take(record)
        self.streams.wake()

    async def ask(self, path, *headers, method="GET", head="HTTP/1.1"):
        """Make one request by hand; return status, headers and body."""
        lines = [f"{method} {path} {head}", "Connection: close", *headers]
        if not any(line.lower().startswith("host:") for line in headers):
            lines.append(f"Host: 127.0.0.1:{self.port}")
        return await self.send_raw(
            "".join(f"{line}\r\n" for line in (*lines, "")).encode()
        )

    async def send_raw(self, sent: bytes):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(sent)
            await writer.drain()
            answer = await asyncio.wait_for(reader.read(), 20)
        except ConnectionError:
            answer = b""
        finally:
            writer.close()
        head, _, body = answer.partition(b"\r\n\r\n")
        first, *rest = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in rest)
        return int(first.split()[1]), headers, body


@asynccontextmanager
async def served(max_bytes=64 * 1024 * 1024, max_clients=2000, **access):
    streams, source = Streams(max_bytes), Source()
    viewed = Viewed(
        streams=streams,
        reader=source,
        profiles={name: PROFILES[name] for name in ("web", "bbc")},
        access=Access(**access),
        max_clients=max_clients,
    )
    view = Served(viewed)
    await view.start()
    try:
        yield view
    finally:
        await view.pause()
