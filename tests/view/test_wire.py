"""Events as bytes on a connection, and the process that writes them."""

import asyncio
import os
import uuid

import pytest

from tests.view.messages import final, updated
from tests.view.process import view as started
from tests.view.served import served
from workers.app import prepare
from workers.settings import Settings

LONG = "w" * 5000
"""More than one digit of a chunk's length, in words that no line of a header has."""


async def bytes_of(port: int, version: str, until: bytes) -> tuple[bytes, bytes]:
    """Ask for events; return the headers of the answer and all that came after them."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET /streams/island/events HTTP/{version}\r\nHost: localhost\r\n\r\n"
    writer.write(request.encode())
    async with asyncio.timeout(30):
        head = await reader.readuntil(b"\r\n\r\n")
        body = b""
        while until not in body:
            piece = await reader.read(65536)
            assert piece
            body += piece
    writer.close()
    return head.lower(), body


def unchunked(body: bytes) -> bytes:
    """Take whole chunks apart, as strictly as they can be read."""
    found = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size, 16)
        assert length > 0
        assert rest[length : length + 2] == b"\r\n"
        found += rest[:length]
        body = rest[length + 2 :]
    return found


async def test_a_client_gets_the_same_bytes_with_and_without_chunks():
    async with served() as view:
        view.say(final(0, "begins"))
        view.say(updated(1, LONG))
        head, chunked = await bytes_of(view.port, "1.1", b"event: live")
        assert b"transfer-encoding: chunked" in head
        old_head, plain = await bytes_of(view.port, "1.0", b"event: live")
        assert b"transfer-encoding" not in old_head
    assert unchunked(chunked) == plain
    assert LONG.encode() in plain


async def test_a_client_that_goes_in_the_middle_leaves_the_others_alone():
    async with served() as view:
        view.say(final(0, "begins"))
        await bytes_of(view.port, "1.1", b"event: live")
        after = asyncio.create_task(bytes_of(view.port, "1.1", b"still here"))
        await asyncio.sleep(0.2)
        for number in range(1, 50):
            view.say(updated(number, "still here"))
        _, body = await after
        assert b"begins" in unchunked(body)


@pytest.mark.parametrize(("setting", "more"), [(None, 5), ("0", 0)])
async def test_the_view_gives_way_to_the_agents(kafka, setting, more):
    prefix = f"nice-{uuid.uuid4().hex[:8]}"
    await prepare(Settings(broker=kafka.bootstrap, prefix=prefix))
    variables = {} if setting is None else {"CAPTION_VIEW_NICE": setting}
    with started(kafka.bootstrap, prefix, **variables) as view:
        priority = os.getpriority(os.PRIO_PROCESS, view.process.pid)
    assert priority == min(os.nice(0) + more, 19)
