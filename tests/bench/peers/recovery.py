"""How soon a peer is back after kill -9, and what is lost or doubled then."""

import asyncio
import time
from collections.abc import Iterable
from typing import Any

from tests.bench.peers.contestants import Contestant
from tests.bench.peers.kafka_side import Feed, Outputs, create
from tests.bench.peers.segments import Sent
from workers.delivery.clients import Connection

_BEFORE_S = 4.0
_PAUSE_S = 0.3
"""What was on its way when the process was killed arrives meanwhile."""
_BACK_S = 90.0
_AFTER_S = 2.0
_QUIET_S = 12.0
"""So long without a new caption, and no more will come."""


async def recovery(
    connection: Connection, peer: Contestant, rate: float, sent: Iterable[Sent]
) -> dict[str, Any]:
    """Kill a peer under way, start it again at once; return a line for the journal.

    Segments go on coming. It is back at the first caption that is new.
    """
    names = await create(connection, peer.name, None)
    producer = connection.producer(linger_ms=0)
    await producer.start()
    line = {"what": "recovery", "peer": peer.name, "rate": rate}
    async with Outputs(connection, names.output) as outputs:
        process = peer.run(connection.bootstrap, names)
        feed = Feed(producer, names.input, sent)
        try:
            failed = await feed.until_first(outputs, process, rate)
            if failed is not None:
                return {**line, "failed": failed}
            await feed.run(rate, _BEFORE_S)
            process.kill()
            await feed.run(rate, _PAUSE_S)
            before = len(outputs.values)
            process = peer.run(connection.bootstrap, names, process.folder)
            while len(outputs.values) == before and process.alive:
                await feed.run(rate, 0.1)
                if time.time() - process.began_s > _BACK_S:
                    break
            back_s = None
            if len(outputs.values) > before:
                back_s = round(outputs.times_s[before] - process.began_s, 1)
            await feed.run(rate, _AFTER_S)
            await _come_to_rest(feed, outputs)
        finally:
            process.stop()
            await producer.stop()
    judgement = outputs.judge(feed.captions)
    return {**line, "back_s": back_s, "sent": feed.count, **judgement._asdict()}


async def _come_to_rest(feed: Feed, outputs: Outputs) -> None:
    """Wait until all captions are there, or no more come."""
    seen, since_s = len(outputs.values), time.monotonic()
    while outputs.judge(feed.captions).lost:
        await asyncio.sleep(0.5)
        if len(outputs.values) > seen:
            seen, since_s = len(outputs.values), time.monotonic()
        if time.monotonic() - since_s > _QUIET_S:
            return
