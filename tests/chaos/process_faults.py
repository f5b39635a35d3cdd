"""Faults of processes: killed, told to stop, stopped for a while, joined by others.

Each returns what happened, or None: then nothing did, and the fault is void.
"""

import asyncio
import random
import signal
import time
from typing import Any

from tests.chaos.points import CLOCK, LEAVING, STARTING, WORKING, Armed
from tests.chaos.scene import Scene, until
from tests.chaos.slots import Slot
from workers.delivery.exits import Exit

Happened = dict[str, Any] | None

_AT_WORK_S = 40.0
_REACHED_S = 30.0
_STOPPED_S = 40.0
SESSION_S = 6.0


async def _killed(scene: Scene, slot: Slot, numbers: list[int], at: float) -> Happened:
    recovered = await scene.recovered(slot.agent, numbers, at)
    return {
        "signals": {"kill -9": 1},
        "static": slot.static,
        "recovered_s": [each.seconds for each in recovered],
    }


async def kill(scene: Scene, slot: Slot, dice: random.Random) -> Happened:
    """Kill -9 at a random moment; started again at once."""
    await asyncio.sleep(dice.random() * 2)
    if not slot.at_work():
        return None
    numbers, at = slot.owned(), time.monotonic()
    slot.expected = "kill -9"
    slot.send(signal.SIGKILL)
    return await _killed(scene, slot, numbers, at)


def _skip(point: str, dice: random.Random) -> int:
    """Return how often a point is passed before; some come once a second only."""
    return dice.randrange(3 if point == "before the group's offset" else 30)


async def kill_at_a_point(scene: Scene, slot: Slot, dice: random.Random) -> Happened:
    """Kill -9 at a named point inside a turn."""
    point = dice.choice(WORKING)
    numbers, process = slot.owned(), slot.process
    slot.expected = f"kill -9 {point}"
    slot.arm(Armed(point, signal.SIGKILL, _skip(point, dice)))
    if not await until(lambda: process.poll() is not None, _REACHED_S):
        slot.disarm()
        return None
    at = time.monotonic()
    if process.returncode != -signal.SIGKILL:
        return None
    return {"point": point, **(await _killed(scene, slot, numbers, at) or {})}


async def kill_at_its_start(scene: Scene, slot: Slot, dice: random.Random) -> Happened:
    """Kill -9, and again at a named point on the way to the first turn."""
    point = dice.choice(STARTING)
    numbers, process = slot.owned(), slot.process
    slot.armed = Armed(point, signal.SIGKILL)
    slot.expected = "kill -9"
    slot.send(signal.SIGKILL)
    await until(lambda: slot.process not in (process, None), _AT_WORK_S)
    second = slot.process
    slot.expected = f"kill -9 {point}"
    if not await until(lambda: second.poll() is not None, _AT_WORK_S):
        slot.expected = None
        return {"signals": {"kill -9": 1}, "missed": point}
    at = time.monotonic()
    recovered = await scene.recovered(slot.agent, numbers, at)
    return {
        "point": point,
        "signals": {"kill -9": 2},
        "static": slot.static,
        "recovered_s": [each.seconds for each in recovered],
    }


async def kill_while_it_leaves(
    scene: Scene, slot: Slot, dice: random.Random
) -> Happened:
    """SIGTERM, and kill -9 at a named point while it lets go of its partitions."""
    point = dice.choice(LEAVING)
    numbers, process = slot.owned(), slot.process
    slot.expected = f"kill -9 {point}"
    slot.arm(Armed(point, signal.SIGKILL))
    await asyncio.sleep(0.2)
    slot.send(signal.SIGTERM)
    if not await until(lambda: process.poll() is not None, _STOPPED_S):
        return None
    at = time.monotonic()
    if process.returncode != -signal.SIGKILL:
        return None
    return {"point": point, **(await _killed(scene, slot, numbers, at) or {})}


async def kill_all(scene: Scene, slot: Slot, dice: random.Random) -> Happened:  # noqa: ARG001  # as all faults
    """Kill -9 all processes of an agent at once."""
    at = time.monotonic()
    all_of_it = [
        each for each in scene.slots if each.agent == slot.agent and each.alive()
    ]
    numbers = sorted({number for each in all_of_it for number in each.owned()})
    for each in all_of_it:
        each.expected = "kill -9"
        each.send(signal.SIGKILL)
    recovered = await scene.recovered(slot.agent, numbers, at)
    return {
        "signals": {"kill -9": len(all_of_it)},
        "all": True,
        "recovered_s": [each.seconds for each in recovered],
    }


async def term(scene: Scene, slot: Slot, dice: random.Random) -> Happened:
    """SIGTERM at a random moment; it has to end with 0."""
    await asyncio.sleep(dice.random())
    if not slot.at_work():
        return None
    numbers, at = slot.owned(), time.monotonic()
    slot.expected = "SIGTERM"
    slot.send(signal.SIGTERM)
    code = await slot.ended(_STOPPED_S)
    stopped_s = round(time.monotonic() - at, 2)
    recovered = await scene.recovered(slot.agent, numbers, at)
    return {
        "signals": {"SIGTERM": 1},
        "code": code,
        "stopped_s": stopped_s,
        "recovered_s": [each.seconds for each in recovered],
    }


async def join_and_leave(scene: Scene, slot: Slot, dice: random.Random) -> Happened:
    """Another process joins the group, works, and leaves: two rebalances."""
    joiner = scene.joiner(slot.agent)
    scene.slots.append(joiner)
    rebalances = 0
    if await until(joiner.at_work, _AT_WORK_S):
        rebalances += 1
        await asyncio.sleep(dice.random() * 3)
    numbers = joiner.owned()
    joiner.wanted = False
    joiner.expected = "SIGTERM"
    at = time.monotonic()
    joiner.send(signal.SIGTERM)
    code = await joiner.ended(_STOPPED_S) if joiner.process else None
    if numbers and await scene.recovered(slot.agent, numbers, at):
        rebalances += 1
    joiner.discard()
    # It stays in the list: its events tell who owned what.
    return {"rebalances": rebalances, "code": code} if rebalances else None


async def zombie(scene: Scene, slot: Slot, dice: random.Random) -> Happened:
    """SIGSTOP for longer than the session, until others own its partitions; SIGCONT."""
    await asyncio.sleep(dice.random())
    if not slot.at_work():
        return None
    return await _away(scene, slot, dice, lambda: slot.send(signal.SIGSTOP))


async def zombie_at_a_point(scene: Scene, slot: Slot, dice: random.Random) -> Happened:
    """The same, but it is stopped at a named point inside a turn."""
    point = dice.choice(WORKING)
    armed = Armed(point, signal.SIGSTOP, _skip(point, dice))
    happened = await _away(scene, slot, dice, lambda: slot.arm(armed), point)
    return None if happened is None else {"point": point, **happened}


async def _away(
    scene: Scene,
    slot: Slot,
    dice: random.Random,
    stop: Any,
    point: str | None = None,
) -> Happened:
    numbers, process = slot.owned(), slot.process
    asked_at = time.monotonic()
    stop()
    if point is not None and not await until(
        lambda: any(
            event.get("point") == point and event["at"] > asked_at
            for event in slot.events()
        ),
        _REACHED_S,
    ):
        slot.disarm()
        return None
    at = time.monotonic()

    def taken_over() -> bool:
        return all(
            any(
                other is not slot
                and any(
                    event["at"] > at and number in event.get("owns", ())
                    for event in other.events()
                )
                for other in scene.slots
                if other.agent == slot.agent
            )
            for number in numbers
        )

    taken = await until(taken_over, 6 * SESSION_S)
    await asyncio.sleep(dice.random() * 2)
    slot.expected = "zombie"
    slot.send(signal.SIGCONT)
    back_at = time.monotonic()
    ended = await until(lambda: process.poll() is not None, 3 * SESSION_S)
    slot.expected = None if not ended else slot.expected
    if not taken:
        return None
    return {
        "zombies": 1,
        "away_s": round(back_at - at, 1),
        "code": process.returncode if ended else None,
        "fenced": ended and process.returncode == Exit.FENCED,
    }


async def pause(scene: Scene, slot: Slot, dice: random.Random) -> Happened:  # noqa: ARG001  # as all faults
    """SIGSTOP for less than the session: nobody has to notice."""
    seconds = 0.5 + dice.random() * (SESSION_S - 2.5)
    if not slot.at_work():
        return None
    slot.send(signal.SIGSTOP)
    await asyncio.sleep(seconds)
    slot.send(signal.SIGCONT)
    return {"paused_s": round(seconds, 1)}


async def clock_jump(scene: Scene, slot: Slot, dice: random.Random) -> Happened:  # noqa: ARG001  # as all faults
    """The wall clock of a process jumps ahead or back, and later back to the truth."""
    shift_s = dice.choice((-86_400.0, -3600.0, -10.0, 10.0, 1200.0, 86_400.0))
    process, asked_at = slot.process, time.monotonic()
    slot.expected = "clock"
    slot.arm(Armed(CLOCK, 0, shift_s=shift_s))
    jumped = await until(
        lambda: any(
            event.get("point") == CLOCK and event["at"] > asked_at
            for event in slot.events()
        ),
        _REACHED_S,
    )
    # Kafka refuses records from more than an hour ahead: then the process ends.
    ended = await until(lambda: process.poll() is not None, 3.0)
    if not ended:
        slot.arm(Armed(CLOCK, 0))
        slot.expected = None
    code = process.returncode if ended else None
    return {"shift_s": shift_s, "code": code} if jumped else None
