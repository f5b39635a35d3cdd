"""A TCP proxy that knows Kafka's frames: it delays, loses and cuts what it is told to.

A frame is four bytes of length, then for a request: what it asks (API key), its
version, its number (correlation id) and who asks (client id). An answer begins with the
number. Faults are for one client by its id, so that others go on undisturbed.
"""

import asyncio
import contextlib
import struct
from collections.abc import Callable
from typing import Literal

from workers.broker import ports

PRODUCE, FETCH, ADD_PARTITIONS, END_TRANSACTION = 0, 1, 24, 26
_HEAD = struct.Struct(">hhih")

What = Literal["late_request", "lost_answer", "late_answer"]


class Order:
    """One fault, for the next frame that it fits.

    Args:
        client: Of whose requests.
        api: Which request.
        what: ``late_request``: the connection is cut at once, so that the client asks
            again on another; the broker gets the first request seconds later all the
            same. ``lost_answer``: the broker has done it, the client never learns.
            ``late_answer``: it learns seconds later.
        seconds: How late.
    """

    def __init__(self, client: str, api: int, what: What, seconds: float = 0.0) -> None:
        self.client = client
        self.api = api
        self.what = what
        self.seconds = seconds
        self.met = asyncio.Event()
        """Set once a frame has met this fault."""
        self.over = asyncio.Event()
        """Set once the late frame was delivered, or could not be any more."""


class Link:
    """How bad a client's connections are now."""

    def __init__(self) -> None:
        self.latency_s = 0.0
        self.bytes_per_s: float | None = None
        self.open = asyncio.Event()
        """Cleared: nothing passes, and nobody is told."""
        self.open.set()

    async def pass_through(self, size: int) -> None:
        """Wait as long as so many bytes take."""
        await self.open.wait()
        wait_s = self.latency_s
        if self.bytes_per_s is not None:
            wait_s += size / self.bytes_per_s
        if wait_s:
            await asyncio.sleep(wait_s)


class Proxy:
    """Before one broker.

    Args:
        target: The broker's port.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = next(_PORTS)
        self.orders: list[Order] = []
        self.links: dict[str, Link] = {}
        self._connections: set[_Connection] = set()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen on loopback."""
        self._server = await asyncio.start_server(
            self._serve, ports.LOOPBACK, self.port
        )

    async def close(self) -> None:
        """Cut everything and listen no more."""
        if self._server is not None:
            self._server.close()
        self.cut()
        for task in tuple(self._tasks):
            task.cancel()

    def link(self, client: str) -> Link:
        """Return how a client's connections are, to be made worse."""
        return self.links.setdefault(client, Link())

    def cut(self, client: str | None = None) -> int:
        """Reset all connections of a client, or of all; return how many."""
        hit = [each for each in self._connections if client in (None, each.client)]
        for each in hit:
            each.reset()
        return len(hit)

    def spawn(self, work: Callable[[], object]) -> None:
        """Run something beside the connections."""
        task = asyncio.ensure_future(work())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        connection = _Connection(self, reader, writer)
        self._connections.add(connection)
        try:
            await connection.run()
        finally:
            self._connections.discard(connection)


class _Connection:
    """One connection of a client, and ours to the broker."""

    def __init__(
        self, proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.proxy = proxy
        self.client = ""
        self._reader = reader
        self._writer = writer
        self._answers: dict[int, Order] = {}
        self._keep_broker = False

    def reset(self) -> None:
        """Cut the client off, as a broken network would."""
        self._writer.transport.abort()

    async def run(self) -> None:
        """Pass frames on until one side closes."""
        try:
            broker = await asyncio.open_connection(ports.LOOPBACK, self.proxy.target)
        except OSError:
            self.reset()
            return
        both = [
            asyncio.ensure_future(self._requests(broker[1])),
            asyncio.ensure_future(self._answered(broker[0])),
        ]
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for task in both:
            task.cancel()
        await asyncio.gather(*both, return_exceptions=True)
        self.reset()
        if not self._keep_broker:
            broker[1].transport.abort()

    async def _requests(self, broker: asyncio.StreamWriter) -> None:
        while True:
            frame = await _frame(self._reader)
            api, _, number, size = _HEAD.unpack_from(frame, 4)
            place = 4 + _HEAD.size
            self.client = frame[place : place + max(size, 0)].decode()
            await self.proxy.link(self.client).pass_through(len(frame))
            order = self._order(api)
            if order is not None and order.what == "late_request":
                self._deliver_late(order, frame, broker)
                return
            if order is not None:
                self._answers[number] = order
            broker.write(frame)
            await broker.drain()

    async def _answered(self, broker: asyncio.StreamReader) -> None:
        while True:
            frame = await _frame(broker)
            await self.proxy.link(self.client).pass_through(len(frame))
            (number,) = struct.unpack_from(">i", frame, 4)
            order = self._answers.pop(number, None)
            if order is not None:
                order.met.set()
                try:
                    if order.what == "lost_answer":
                        return
                    await asyncio.sleep(order.seconds)
                finally:  # also where the client is gone meanwhile
                    order.over.set()
            self._writer.write(frame)
            await self._writer.drain()

    def _order(self, api: int) -> Order | None:
        for order in self.proxy.orders:
            if order.api == api and order.client == self.client:
                self.proxy.orders.remove(order)
                return order
        return None

    def _deliver_late(
        self, order: Order, frame: bytes, broker: asyncio.StreamWriter
    ) -> None:
        self._keep_broker = True
        order.met.set()

        async def deliver() -> None:
            await asyncio.sleep(order.seconds)
            with contextlib.suppress(OSError):
                broker.write(frame)
                await broker.drain()
                await asyncio.sleep(1)  # until it is read; nobody reads the answer
            broker.transport.abort()
            order.over.set()

        self.proxy.spawn(deliver)


async def _frame(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readexactly(4)
    (size,) = struct.unpack(">i", head)
    return head + await reader.readexactly(size)


_PORTS = ports.free_ports()
