"""The proxy does what it is told to, also to clients that do not wait for it."""

import asyncio
import struct

import pytest

from tests.chaos.proxy import END_TRANSACTION, Order, Proxy
from workers.broker import ports

HEAD = struct.pack(">hhih", END_TRANSACTION, 0, 7, 2) + b"me"
FRAME = struct.pack(">i", len(HEAD)) + HEAD
ANSWER = struct.pack(">ii", 4, 7)


@pytest.fixture
async def proxy():
    """Before a broker that answers each request by its number."""

    async def answer(reader, writer):
        try:
            while await reader.readexactly(len(FRAME)):
                writer.write(ANSWER)
        except asyncio.IncompleteReadError:
            writer.close()

    port = next(ports.free_ports())
    broker = await asyncio.start_server(answer, ports.LOOPBACK, port)
    proxy = Proxy(port)
    await proxy.start()
    yield proxy
    await proxy.close()
    broker.close()


async def test_a_late_answer_is_over_when_its_client_is_gone(proxy):
    order = Order("me", END_TRANSACTION, "late_answer", 3600)
    proxy.orders.append(order)
    _, writer = await asyncio.open_connection(ports.LOOPBACK, proxy.port)
    writer.write(FRAME)
    async with asyncio.timeout(20):
        await order.met.wait()
        writer.transport.abort()
        await order.over.wait()


async def test_what_is_not_ordered_passes(proxy):
    proxy.orders.append(Order("another", END_TRANSACTION, "lost_answer"))
    reader, writer = await asyncio.open_connection(ports.LOOPBACK, proxy.port)
    writer.write(FRAME)
    async with asyncio.timeout(20):
        assert await reader.readexactly(len(ANSWER)) == ANSWER
    writer.close()
