"""Faults between worker and broker, made by the proxy."""

import asyncio
import random
import time

from tests.chaos.process_faults import Happened
from tests.chaos.proxy import ADD_PARTITIONS, END_TRANSACTION, PRODUCE, Order, What
from tests.chaos.scene import Scene, until
from tests.chaos.slots import Slot

_MET_S = 20.0
_TRIES = 100
LONGEST_S = 12.0


async def _ordered(
    scene: Scene, slot: Slot, api: int, what: What, seconds: float
) -> Happened:
    if not slot.at_work():
        return None
    process = slot.process
    orders = [Order(slot.name, api, what, seconds) for _ in scene.brokers.all]
    for proxy, order in zip(scene.brokers.proxies, orders, strict=True):
        proxy.orders.append(order)
    at = time.monotonic()
    met = await until(lambda: any(order.met.is_set() for order in orders), _MET_S)
    for proxy, order in zip(scene.brokers.proxies, orders, strict=True):
        if order in proxy.orders:
            proxy.orders.remove(order)
    hit = [order for order in orders if order.met.is_set()]
    for order in hit:
        await order.over.wait()
    if not met:
        return None
    ended = await until(lambda: process.poll() is not None, 3.0)
    return {
        "late_s": round(seconds, 1),
        "count": len(hit),
        "took_s": round(time.monotonic() - at, 1),
        "code": process.returncode if ended else None,
    }


async def late_end(scene: Scene, slot: Slot, dice: random.Random) -> Happened:
    """EndTxn reaches Kafka seconds after the client has lost the connection."""
    seconds = dice.choice((0.05, 0.3, 1.0, 3.0, dice.random() * LONGEST_S))
    return await _ordered(scene, slot, END_TRANSACTION, "late_request", seconds)


async def lost_end_answer(scene: Scene, slot: Slot, dice: random.Random) -> Happened:  # noqa: ARG001  # as all faults
    """Kafka has committed, and the client never learns it."""
    return await _ordered(scene, slot, END_TRANSACTION, "lost_answer", 0)


async def late_end_answer(scene: Scene, slot: Slot, dice: random.Random) -> Happened:
    """The answer to EndTxn comes seconds later."""
    seconds = 1 + dice.random() * LONGEST_S
    return await _ordered(scene, slot, END_TRANSACTION, "late_answer", seconds)


async def late_add_partitions(
    scene: Scene, slot: Slot, dice: random.Random
) -> Happened:
    """AddPartitionsToTxn reaches Kafka after the connection is lost."""
    seconds = dice.choice((0.05, 0.3, 1.0, 3.0))
    return await _ordered(scene, slot, ADD_PARTITIONS, "late_request", seconds)


async def late_produce(scene: Scene, slot: Slot, dice: random.Random) -> Happened:
    """Records reach Kafka after the connection is lost."""
    seconds = dice.choice((0.05, 0.3, 1.0, 3.0, 8.0))
    return await _ordered(scene, slot, PRODUCE, "late_request", seconds)


def _cut_all(scene: Scene, slot: Slot) -> int:
    return sum(proxy.cut(slot.name) for proxy in scene.brokers.proxies)


async def cut(scene: Scene, slot: Slot, dice: random.Random) -> Happened:
    """All connections are reset, some times over."""
    times = dice.randrange(1, 6)
    hit = 0
    for _ in range(times):
        for _ in range(_TRIES):
            now = _cut_all(scene, slot)
            hit += now
            if now:
                break
            await asyncio.sleep(0.1)  # it is connecting again
        await asyncio.sleep(dice.random())
    return {"connections": hit} if hit else None


async def slow(scene: Scene, slot: Slot, dice: random.Random) -> Happened:
    """100 ms each way, and little passes in a second."""
    seconds = 5 + dice.random() * 10
    links = [proxy.link(slot.name) for proxy in scene.brokers.proxies]
    for link in links:
        link.latency_s, link.bytes_per_s = 0.1, 375_000
    await asyncio.sleep(seconds)
    for link in links:
        link.latency_s, link.bytes_per_s = 0.0, None
    return {"slow_s": round(seconds, 1)}


async def silent(scene: Scene, slot: Slot, dice: random.Random) -> Happened:
    """Connections stay open, and nothing passes."""
    seconds = dice.choice((2.0, 5.0, 8.0, 15.0))
    links = [proxy.link(slot.name) for proxy in scene.brokers.proxies]
    for link in links:
        link.open.clear()
    await asyncio.sleep(seconds)
    for link in links:
        link.open.set()
    return {"silent_s": seconds}
