"""How soon a caption is there after its final was sent, and what waiting costs."""

import asyncio
import statistics
import time
from collections.abc import Iterable
from typing import Any

from tests.bench.peers.contestants import Contestant
from tests.bench.peers.kafka_side import Feed, Outputs, create
from tests.bench.peers.segments import Sent
from workers.delivery.clients import Connection

_WARM_UP_RATE = 100
"""A second, until the first caption: no backlog of the start is to be measured."""
_WARM_UP_S = 3.0
_LAST_S = 8.0
_LEAST = 20
"""Fewer captions tell nothing of a percentile."""


async def latency(
    connection: Connection,
    peer: Contestant,
    rate: float,
    seconds: float,
    sent: Iterable[Sent],
) -> dict[str, Any]:
    """Send a peer so many segments a second; return a line for the journal."""
    names = await create(connection, peer.name, None)
    producer = connection.producer(linger_ms=0)
    await producer.start()
    line = {"what": "latency", "peer": peer.name, "at": rate}
    async with Outputs(connection, names.output) as outputs:
        process = peer.run(connection.bootstrap, names)
        feed = Feed(producer, names.input, sent)
        try:
            failed = await feed.until_first(outputs, process, _WARM_UP_RATE)
            if failed is not None:
                return {**line, "failed": failed}
            await feed.run(rate, _WARM_UP_S)
            began_s, cpu_s = time.time(), process.cpu_s()
            await feed.run(rate, seconds)
            ended_s, cpu_s = time.time(), process.cpu_s() - cpu_s
            limit_s = time.monotonic() + _LAST_S
            while len(outputs.values) < len(feed.captions):
                await asyncio.sleep(0.1)
                if time.monotonic() > limit_s:
                    break
        finally:
            process.stop()
            await producer.stop()
    first_s = outputs.first_s()
    measured = {
        name: at_s for name, at_s in feed.sent_s.items() if began_s <= at_s < ended_s
    }
    late_ms = [
        1000 * (first_s[name] - at_s)
        for name, at_s in measured.items()
        if name in first_s
    ]
    missing = len(measured) - len(late_ms)
    if len(late_ms) < _LEAST:
        return {**line, "failed": f"{len(late_ms)} captions of {len(measured)}"}
    cuts = statistics.quantiles(late_ms, n=100)
    return {
        **line,
        "p50_ms": round(cuts[49], 1),
        "p99_ms": round(cuts[98], 1),
        "captions": len(late_ms),
        "missing": missing,
        "cpu_share": round(cpu_s / (ended_s - began_s), 3),
    }
