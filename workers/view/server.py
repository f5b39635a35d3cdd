"""The view's process: Kafka is read, HTTP is answered, until told to stop."""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from msgspec import Struct
from uvicorn import Config, Server

from workers.core.cues.profiles import Profile
from workers.delivery.clients import Connection
from workers.view.guards import Access
from workers.view.protocol import MAX_HEADERS, Protocol
from workers.view.reader import Reader
from workers.view.routes import application
from workers.view.sse import Clients
from workers.view.streams import Streams
from workers.view.viewed import Viewed

SEND_BUFFER = 64 * 1024
"""Bytes that the kernel keeps for a client that does not read; else some megabytes."""
END_S = 3
"""So long may clients take to read what is on its way when we are told to stop."""
LAST_S = 2
"""So long may an answer take after that, which nobody reads any more."""


class HttpServer(Server):
    """Answers HTTP on a socket; leaves signals to whoever runs it.

    Args:
        viewed: What there is to see.
    """

    def __init__(self, viewed: Viewed) -> None:
        self._clients = Clients(lambda: viewed.reader.connected)
        super().__init__(
            Config(
                application(viewed, self._clients),
                http=Protocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                h11_max_incomplete_event_size=MAX_HEADERS,
                timeout_graceful_shutdown=END_S + LAST_S,
            )
        )

    def stop(self) -> None:
        """End within seconds, whatever clients do; to say it twice changes nothing."""
        self.should_exit = True

    async def listen(self, listener: socket.socket) -> None:
        """Serve until stopped; the kernel keeps little for clients that stall."""
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        await self.serve([listener])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more clients, finish what is sent, then cut who does not read."""
        # Streams end a moment later, when connections close with their answer.
        self._clients.let_go()
        cut = asyncio.get_running_loop().call_later(END_S, self._cut)
        try:
            await super().shutdown(sockets)
        finally:
            cut.cancel()

    def _cut(self) -> None:
        """Close all connections; who answers on one learns that its client is gone."""
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


class Served(Struct, frozen=True, kw_only=True):
    """What is shown, to whom, and how much of it."""

    prefix: str
    """Of the Kafka topics."""
    profiles: Mapping[str, Profile]
    """Those that cues are cut for, the default first."""
    access: Access
    max_clients: int
    """That follow streams at a time."""
    max_bytes: int
    """Of memory for all streams."""
    history_s: float
    """Seconds from now back to where reading begins."""


async def serve(
    connection: Connection,
    listener: socket.socket,
    served: Served,
    listening: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGTERM or SIGINT.

    Args:
        connection: To Kafka.
        listener: Bound to where clients connect.
        served: What is shown.
        listening: Called once clients can connect.

    Raises:
        KafkaError: Kafka cannot be reached at the start; later, it is waited for.
    """
    streams = Streams(served.max_bytes)
    reader = Reader(connection, served.prefix, streams, served.history_s)
    viewed = Viewed(
        streams=streams,
        reader=reader,
        profiles=served.profiles,
        access=served.access,
        max_clients=served.max_clients,
    )
    try:
        await reader.start()
        server = HttpServer(viewed)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, server.stop)
        serving = asyncio.create_task(server.listen(listener))
        reading = asyncio.create_task(reader.run())
        while not server.started and not serving.done():  # noqa: ASYNC110  # uvicorn tells by a flag only
            await asyncio.sleep(0.01)
        listening()
        await asyncio.wait((serving, reading), return_when=asyncio.FIRST_COMPLETED)
        if reading.done():
            # It never ends by itself; what ended it is raised, once clients are let go.
            server.stop()
        await serving
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        if not reading.cancelled():
            reading.result()
    finally:
        await reader.stop()
