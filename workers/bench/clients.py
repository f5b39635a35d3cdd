"""Many clients of the live page in a process of their own: ``python -m`` this module.

Arguments: the port, how many, then the streams they share out. A line on standard
output says that all follow; at the end of standard input a second one holds the ages of
words as they came, in milliseconds, as JSON.
"""

import asyncio
import os
import sys
from urllib.parse import quote

import orjson

from workers.bench.talking import age_ms

KEPT = 200_000
STANDING = 2**23
"""Bytes of what stands, at most."""


async def follow(
    port: int, stream: str, ages: list[float], begun: asyncio.Event
) -> None:
    """Follow one stream; note how old the newest word of each piece is."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=STANDING)
    path = f"/streams/{quote(stream, safe='')}/events?types=CaptionUpdated"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    await reader.readuntil(b"event: live")
    begun.set()
    while piece := await reader.read(65536):
        age = age_ms(piece)
        if age is not None and len(ages) < KEPT:
            ages.append(age)


async def main(port: int, count: int, streams: list[str]) -> None:
    """Follow until standard input ends."""
    ages: list[float] = []
    begun = [asyncio.Event() for _ in range(count)]
    following = [
        asyncio.create_task(
            follow(port, streams[place % len(streams)], ages, begun[place])
        )
        for place in range(count)
    ]
    for event in begun:
        await event.wait()
    ages.clear()
    sys.stdout.write("following\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.buffer.read)
    sys.stdout.buffer.write(orjson.dumps(ages, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.flush()
    for task in following:
        task.cancel()


if __name__ == "__main__":
    os.nice(19)  # they stand for browsers, which run elsewhere
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
