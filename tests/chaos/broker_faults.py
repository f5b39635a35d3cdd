"""Faults of brokers. With one broker, each of them takes Kafka away from everybody."""

import asyncio
import random
import signal

from tests.chaos.brokers import Broker
from tests.chaos.process_faults import Happened
from tests.chaos.scene import Scene, until

AWAY_S = 60.0
_ENDED_S = 60.0


async def broker_kill(scene: Scene, _: object, dice: random.Random) -> Happened:
    """A broker is killed as by a power cut, and started again."""
    return await _restarted(scene, dice, "kill", dice.choice((0.0, 1.0, 5.0)))


async def broker_stop(scene: Scene, _: object, dice: random.Random) -> Happened:
    """A broker is stopped as it likes to be, and started again."""
    return await _restarted(scene, dice, "stop", 0.0)


async def _restarted(
    scene: Scene, dice: random.Random, how: str, down_s: float
) -> Happened:
    async with scene.brokers_busy:
        broker = dice.choice(scene.brokers.all)
        await asyncio.to_thread(broker.kill if how == "kill" else broker.stop)
        await asyncio.sleep(down_s)
        await asyncio.to_thread(scene.brokers.start, broker)
    return {"broker_restarts": 1, "node": broker.node, "down_s": down_s}


async def broker_pause(scene: Scene, _: object, dice: random.Random) -> Happened:
    """A broker's process stands still for a while."""
    seconds = 2 + dice.random() * 10
    async with scene.brokers_busy:
        broker = dice.choice(scene.brokers.all)
        broker.send(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        broker.send(signal.SIGCONT)
    return {"paused_s": round(seconds, 1), "node": broker.node}


async def disk_full(scene: Scene, _: object, dice: random.Random) -> Happened:
    """A broker can write nothing more; it ends, and comes back when there is room."""
    async with scene.brokers_busy:
        broker = dice.choice(scene.brokers.all)
        broker.fill_disk()
        ended = await until(lambda: not broker.alive(), _ENDED_S)
        await asyncio.to_thread(broker.kill)
        await asyncio.sleep(dice.random() * 10)
        broker.free_disk()
        await asyncio.to_thread(scene.brokers.start, broker)
    return {"broker_restarts": 1, "node": broker.node} if ended else None


async def all_brokers_away(scene: Scene, _: object, dice: random.Random) -> Happened:  # noqa: ARG001  # as all faults
    """There is no Kafka for a minute."""

    def down(broker: Broker) -> None:
        broker.kill()

    async with scene.brokers_busy:
        for broker in scene.brokers.all:
            await asyncio.to_thread(down, broker)
        await asyncio.sleep(AWAY_S)
        await asyncio.to_thread(scene.brokers.start)
    return {"broker_restarts": len(scene.brokers.all), "down_s": AWAY_S}
