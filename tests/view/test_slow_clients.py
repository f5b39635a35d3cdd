"""Clients that do not read: they cost little, hold nobody up, and are cut."""

import asyncio
import resource
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from tests.view.messages import final, updated
from tests.view.served import served
from tests.view.sse import parse
from workers.view import sse

STALLED = 1000
PAGE_BYTES = resource.getpagesize()


def resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES


async def follower(port, stream="island"):
    """Connect and ask for events, with a small buffer; read nothing."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(sock, ("127.0.0.1", port))
    request = f"GET /streams/{stream}/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
    await loop.sock_sendall(sock, request.encode())
    return sock


async def until_clients(view, count):
    async with asyncio.timeout(90):
        while f'"clients":{count},' not in (await view.ask("/ready"))[2].decode():  # noqa: ASYNC110  # over HTTP
            await asyncio.sleep(0.1)


@pytest.mark.timeout(170)
async def test_a_thousand_clients_that_stall_hold_nobody_up_and_are_cut(monkeypatch):
    monkeypatch.setattr(sse, "STALLED_S", 4.0)
    async with served() as view:
        view.say(final(0, "begins"))
        before = resident_bytes()
        stalled = [await follower(view.port) for _ in range(STALLED)]
        await until_clients(view, STALLED)
        good_reader, good = await asyncio.open_connection("127.0.0.1", view.port)
        good.write(b"GET /streams/island/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        heard = b""
        # More than the kernel, the transport and the ring keep for one client.
        for number in range(1, 60):
            view.say(updated(number, f"{number} " + "w" * 12_000))
            while f'"{number} ww'.encode() not in heard:
                heard = heard[-4096:] + await asyncio.wait_for(
                    good_reader.read(65536), 30
                )
        grown = resident_bytes() - before
        assert grown < 256 * 1024 * STALLED
        await until_clients(view, 1)
        for sock in stalled:
            sock.close()
        good.close()


async def test_beyond_the_limit_a_client_is_asked_to_come_back_later():
    async with served(max_clients=2) as view:
        view.say(final(0, "begins"))
        socks = [await follower(view.port) for _ in range(2)]
        await until_clients(view, 2)
        status, answered, _ = await view.ask("/streams/island/events")
        assert status == 503
        assert "retry-after" in answered
        socks.pop().close()
        await until_clients(view, 1)
        socks.append(await follower(view.port))
        await until_clients(view, 2)
        for sock in socks:
            sock.close()


async def test_a_client_that_goes_is_forgotten():
    async with served() as view:
        view.say(final(0, "begins"))
        sock = await follower(view.port)
        await until_clients(view, 1)
        sock.close()
        await until_clients(view, 0)


async def test_a_connection_that_asks_for_nothing_is_closed(monkeypatch):
    monkeypatch.setattr("workers.view.protocol.REQUEST_S", 0.3)
    async with served() as view:
        for begun in (
            b"",
            b"GET /streams HT",
            b"GET / HTTP/1.1\r\nHost: localhost\r\n",
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", view.port)
            writer.write(begun)
            with suppress(ConnectionResetError):
                assert await asyncio.wait_for(reader.read(), 20) == b""
            writer.close()


HOSTILE = [
    "data: x\n\nevent: CaptionFinal\ndata: {}",
    "one\rtwo\r\nthree\x0bfour\x85five\u2028six\u2029",
    "</script><script>alert(1)</script>",
    "\x00\x01\x1b[31m",
    "\ufeffid: 0-0-0-0-0\n\n",
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_no_text_can_end_an_event_or_begin_another(text):
    async with served() as view:
        view.say(final(0, "begins"), updated(1, text, speaker=text))
        reader, writer = await asyncio.open_connection("127.0.0.1", view.port)
        writer.write(b"GET /streams/island/events HTTP/1.0\r\nHost: localhost\r\n\r\n")
        sent = b""
        while b"event: live" not in sent or not sent.endswith(b"\n\n"):
            sent += await asyncio.wait_for(reader.read(65536), 20)
        writer.close()
        events = parse(sent.partition(b"\r\n\r\n")[2])
        assert [event.kind for event in events] == [
            "snapshot",
            "CaptionFinal",
            "CaptionUpdated",
            "live",
        ]
        assert events[2].data["text"] == text
