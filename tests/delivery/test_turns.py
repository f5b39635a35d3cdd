"""Turns over a hand-made source: nothing is jumped, what is dropped is read again."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest

from tests.delivery.toy import Count, ToyRules
from workers.delivery.decide import Work, decide
from workers.delivery.exits import KafkaGoneError, PositionError
from workers.delivery.observer import Unobserved
from workers.delivery.records import Record
from workers.delivery.settings import TurnSettings
from workers.delivery.source import Fetched
from workers.delivery.store import Store
from workers.delivery.turn import BrokenAgentError, Turn
from workers.delivery.turns import Turns
from workers.delivery.watchdog import Watchdog

RULES = ToyRules()


class Log:
    """A source over one partition's log of numbered records."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.position = 0
        self.answered_ms = int(time.time() * 1000)
        self.before_reading: Any = None

    async def fetch(self, _: Any, max_records: int) -> dict[int, Fetched]:
        if self.before_reading is not None:
            await self.before_reading()
        first = self.position
        self.position = min(first + max_records, self.length)
        records = [
            Record("in", 0, offset, 1000 + offset, b"a", b"say")
            for offset in range(first, self.position)
        ]
        return {
            0: Fetched(records, first, self.position, self.length, self.answered_ms)
        }

    async def set_positions(self, offsets: dict[int, int]) -> None:
        self.position = offsets[0]

    async def commit_group_offsets(self, offsets: dict[int, int]) -> None: ...


class Partition:
    """A partition whose transactions always succeed."""

    number = 0
    care = None

    def __init__(self) -> None:
        self.next_offset = 0
        self.store: Store[Count] = Store(RULES.deadline_ms)
        self.committed: list[int] = []

    async def note(self) -> None: ...

    def nothing_left(self) -> None: ...

    def is_due(self, _: int) -> bool:
        return False

    def work(
        self, records: list[Record], wall_ms: int, *, caught_up: bool
    ) -> Work[Count]:
        return Work(0, self.store, records, 0, wall_ms, caught_up)

    async def commit(self, work: Work[Count], decided: Any) -> bool:
        self.store.apply(decided.changes)
        self.committed += [record.offset for record in work.records]
        self.next_offset = work.records[-1].offset + 1
        return True


class Rig:
    """Turns, an agent that takes them, and what the tests turn."""

    def __init__(self, length: int, **settings: Any) -> None:
        self.partition = Partition()
        self.log = Log(length)
        self.stopping = False
        self.agent = self.decide_all
        self.turns: Turns[Count] = Turns(
            TurnSettings(
                group="g",
                input_topic="in",
                state_topic="state",
                max_records=3,
                **settings,
            ),
            SimpleNamespace(partitions={0: self.partition}),
            self.hand_over,
            Unobserved(),
            Watchdog(60),
            lambda: self.stopping,
        )

    async def hand_over(self, turn: Turn[Count]) -> None:
        self.task = asyncio.create_task(self.agent(turn))

    async def decide_all(self, turn: Turn[Count]) -> None:
        await turn.commit([(work, decide(RULES, work)) for work in turn])


async def test_turns_decide_the_log_in_order_and_once():
    rig = Rig(10)
    await rig.turns.resume(rig.log)
    for _ in range(6):
        await rig.turns.run(rig.log)
    assert rig.partition.committed == list(range(10))


async def test_a_fetch_that_crossed_a_pause_is_dropped_and_read_again():
    rig = Rig(6)
    await rig.turns.resume(rig.log)

    async def pause_and_resume() -> None:
        rig.log.before_reading = None
        await rig.turns.pause()
        await rig.turns.resume(rig.log)

    rig.log.before_reading = pause_and_resume
    for _ in range(4):
        await rig.turns.run(rig.log)
    assert rig.partition.committed == list(range(6))


async def test_a_position_that_jumps_by_itself_ends_in_an_error_before_any_commit():
    rig = Rig(10)
    await rig.turns.resume(rig.log)
    await rig.turns.run(rig.log)
    rig.log.position = 7
    with pytest.raises(PositionError, match="fetched from 7, expected 3"):
        await rig.turns.run(rig.log)
    assert rig.partition.committed == [0, 1, 2]


async def test_nothing_is_handed_over_while_paused_or_stopping():
    rig = Rig(3)
    await rig.turns.run(rig.log)
    await rig.turns.resume(rig.log)
    rig.stopping = True
    await rig.turns.run(rig.log)
    assert rig.partition.committed == []


async def test_a_pause_waits_for_the_turn_that_runs():
    rig = Rig(3)
    await rig.turns.resume(rig.log)
    go_on = asyncio.Event()

    async def slow(turn: Turn[Count]) -> None:
        await go_on.wait()
        await rig.decide_all(turn)

    rig.agent = slow
    running = asyncio.create_task(rig.turns.run(rig.log))
    await asyncio.sleep(0.01)
    pausing = asyncio.create_task(rig.turns.pause())
    await asyncio.sleep(0.01)
    assert not pausing.done()
    go_on.set()
    await asyncio.gather(running, pausing)
    assert rig.partition.committed == [0, 1, 2]


async def test_a_turn_nobody_takes_is_given_up_when_stopping():
    rig = Rig(3)
    await rig.turns.resume(rig.log)

    async def gone(_: Turn[Count]) -> None: ...

    rig.agent = gone
    running = asyncio.create_task(rig.turns.run(rig.log))
    await asyncio.sleep(0.01)
    rig.turns.withdraw()
    await asyncio.wait_for(running, 1)
    assert rig.partition.committed == []


async def test_a_transaction_goes_on_when_its_agent_is_cancelled():
    rig = Rig(3)
    await rig.turns.resume(rig.log)
    commit, go_on = rig.partition.commit, asyncio.Event()

    async def slow(work: Any, decided: Any) -> bool:
        await go_on.wait()
        return await commit(work, decided)

    rig.partition.commit = slow
    running = asyncio.create_task(rig.turns.run(rig.log))
    await asyncio.sleep(0.01)
    rig.task.cancel()
    await asyncio.sleep(0.01)
    go_on.set()
    await asyncio.wait_for(running, 1)
    assert rig.partition.committed == [0, 1, 2]


async def test_an_agent_that_leaves_out_work_is_told_so():
    rig = Rig(3)
    await rig.turns.resume(rig.log)

    async def forgetful(turn: Turn[Count]) -> None:
        await turn.commit([])

    rig.agent = forgetful
    running = asyncio.create_task(rig.turns.run(rig.log))
    await asyncio.sleep(0.01)
    with pytest.raises(BrokenAgentError):
        await rig.task
    running.cancel()


async def test_a_kafka_that_does_not_answer_is_given_up():
    rig = Rig(0, watchdog_s=0.05)
    await rig.turns.resume(rig.log)
    await asyncio.sleep(0.1)
    with pytest.raises(KafkaGoneError):
        await rig.turns.run(rig.log)
