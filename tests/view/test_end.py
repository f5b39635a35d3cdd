"""The end of the view's process, whatever its clients do just then."""

import asyncio
import signal
import socket

import pytest

from tests.view.messages import STREAM, cue, final, updated
from tests.view.process import got, view
from tests.view.sse import parse

EVENTS = f"/streams/{STREAM}/events"
SPOKEN = [final(0, "Good evening."), cue(0, "Good evening.")]
# More than the kernel and the transport keep for one client that does not read.
LONG = [updated(number, "w" * 12_000) for number in range(1, 80)]
STUCK = {
    "events not read": f"GET {EVENTS} HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "events of HTTP/1.0 not read": f"GET {EVENTS} HTTP/1.0\r\nHost: localhost\r\n\r\n",
    "a file not read": f"GET /streams/{STREAM}/captions.json HTTP/1.1\r\n"
    "Host: localhost\r\n\r\n",
    "half a request": f"GET {EVENTS} HTTP/1.1\r\nHost: local",
    "a body that does not come": "POST /session HTTP/1.1\r\nHost: localhost\r\n"
    "Content-Length: 1000\r\n\r\nx",
    "nothing asked": "",
}
ENDS = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])


async def follow(running, version):
    """Follow the stream until it is live; return what was sent, and the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    asked = f"GET {EVENTS} HTTP/{version}\r\nHost: localhost\r\n\r\n"
    writer.write(asked.encode())
    async with asyncio.timeout(20):
        sent = await reader.readuntil(b"event: live")
    return sent, reader, writer


def whole(body):
    """Return what chunks say, which have to be all there, up to the last."""
    said = b""
    while True:
        size, _, rest = body.partition(b"\r\n")
        length = int(size, 16)
        said, after = said + rest[:length], rest[length:]
        assert len(rest) >= length + 2, "a chunk is cut"
        assert after[:2] == b"\r\n"
        if length == 0:
            assert after == b"\r\n", "something follows the end"
            return said
        body = after[2:]


@ENDS
async def test_who_follows_gets_the_end_of_the_response_and_no_error_is_logged(
    written, kafka, number
):
    await written.write(*SPOKEN)
    with view(kafka.bootstrap, written.settings.prefix) as running:
        await got(running, f"streams/{STREAM}")
        clients = [await follow(running, version) for version in ("1.1", "1.0") * 10]
        code, said = await asyncio.to_thread(running.stop, number)
        assert (code, said) == (0, "")
        for place, (sent, reader, writer) in enumerate(clients):
            # Closed, not reset: to read what is left would raise.
            rest = await asyncio.wait_for(reader.read(), 20)
            body = (sent + rest).partition(b"\r\n\r\n")[2]
            events = parse(body if place % 2 else whole(body))
            assert [event.kind for event in events if event.kind != "heartbeat"] == [
                "snapshot",
                "CaptionFinal",
                "Cue",
                "live",
            ]
            writer.close()


@ENDS
async def test_no_client_keeps_it_alive_and_none_makes_it_log_an_error(
    written, kafka, number
):
    await written.write(*SPOKEN, *LONG)
    with view(kafka.bootstrap, written.settings.prefix) as running:
        assert (await got(running, "ready"))["ready"]
        clients = []
        for name, asked in STUCK.items():
            client = socket.socket()
            client.settimeout(20)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", running.port))
            client.sendall(asked.encode())
            if name.endswith("not read"):
                assert client.recv(4) == b"HTTP"  # and no more of it
            clients.append(client)
        code, said = await asyncio.to_thread(running.stop, number)
        assert (code, said) == (0, "")
        for client in clients:
            client.close()


async def test_to_be_told_twice_is_to_be_told_once(written, kafka):
    await written.write(*SPOKEN)
    with view(kafka.bootstrap, written.settings.prefix) as running:
        await got(running, f"streams/{STREAM}")
        _, reader, writer = await follow(running, "1.1")
        running.process.send_signal(signal.SIGINT)
        code, said = await asyncio.to_thread(running.stop, signal.SIGINT)
        assert (code, said) == (0, "")
        assert (await asyncio.wait_for(reader.read(), 20)).endswith(b"0\r\n\r\n")
        writer.close()
