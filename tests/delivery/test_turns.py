"""Turns over a hand-made source: nothing is jumped, what is dropped is read again."""

import asyncio
import time
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition

from tests.delivery.toy import Count, ToyRules
from tests.delivery.turns_rig import deaths
from workers.delivery.decide import Work, decide
from workers.delivery.exits import KafkaGoneError, PositionError
from workers.delivery.inbox import Inbox
from workers.delivery.observer import Unobserved
from workers.delivery.records import Record
from workers.delivery.settings import TurnSettings
from workers.delivery.source import Fetched
from workers.delivery.store import Store
from workers.delivery.turn import BrokenAgentError, Turn
from workers.delivery.turns import Turns
from workers.delivery.watchdog import Watchdog

RULES = ToyRules()


IN = TopicPartition("in", 0)
ASIDE = TopicPartition("aside", 0)


@pytest.fixture(autouse=True)
def died(monkeypatch) -> list[BaseException]:
    """What the process would have ended by, which here is told."""
    return deaths(monkeypatch)


class Logs:
    """A source over one partition of two inputs, with the times of their records."""

    def __init__(self, times: dict[TopicPartition, list[int]]) -> None:
        self.times = times
        self.positions = dict.fromkeys(times, 0)
        self.answered_ms = int(time.time() * 1000)
        self.before_reading: Any = None
        self.asked: list[list[str]] = []

    async def fetch(
        self, logs: Any, max_records: int, *, wait: bool
    ) -> dict[TopicPartition, Fetched]:
        assert wait
        self.asked.append([log.topic for log in logs])
        if self.before_reading is not None:
            await self.before_reading()
        return {log: self.read(log, max_records) for log in logs}

    def read(self, log: TopicPartition, max_records: int) -> Fetched:
        first, end = self.positions[log], len(self.times[log])
        upto = self.positions[log] = min(first + max_records, end)
        records = [
            Record(log.topic, 0, offset, self.times[log][offset], b"a", b"say")
            for offset in range(first, upto)
        ]
        return Fetched(records, first, upto, end, self.answered_ms)

    async def set_positions(self, offsets: dict[TopicPartition, int]) -> None:
        self.positions = dict(offsets)

    async def commit_group_offsets(self, offsets: Any, until: float) -> None: ...


class Partition:
    """A partition whose transactions always succeed."""

    number = 0
    care = None
    state_bytes = 0

    def __init__(self) -> None:
        self.next_offsets = {"in": 0, "aside": 0}
        self.inbox = Inbox(self.next_offsets)
        self.store: Store[Count] = Store(RULES.deadline_ms)
        self.decided: list[tuple[str, int]] = []

    @property
    def committed(self) -> list[int]:
        return [offset for topic, offset in self.decided if topic == "in"]

    async def prepare(self, work: Work[Count], *_: Any) -> Work[Count]:
        return work

    def receive(self, topic: str, fetched: Fetched) -> None:
        self.inbox.put(topic, fetched)

    def decided_to_ms(self) -> int:
        return self.inbox.decided_to_ms(0)

    def work(self, now_ms: int) -> Work[Count] | None:
        records = self.inbox.take()
        caught_up = self.inbox.caught_up
        return Work(0, self.store, records, 0, now_ms, caught_up) if records else None

    async def commit(self, work: Work[Count], decided: Any) -> bool:
        self.store.apply(decided.changes)
        self.decided += [(record.topic, record.offset) for record in work.records]
        for record in work.records:
            self.next_offsets[record.topic] = record.offset + 1
        return True


class Told(Unobserved):
    """What turns tell, with how much was committed by then."""

    def __init__(self, partition: Partition) -> None:
        self.partition = partition
        self.order: list[str] = []
        self.lags: list[tuple[int, int, int]] = []

    def on_decided(self, seconds: float) -> None:  # noqa: ARG002
        self.order.append(f"decided, {len(self.partition.decided)} committed")

    def on_transaction(self, seconds: float) -> None:  # noqa: ARG002
        self.order.append(f"transaction, {len(self.partition.decided)} committed")

    def on_turn(self, records: int, transactions: int, seconds: float) -> None:  # noqa: ARG002
        self.order.append(f"turn of {records} in {transactions}")

    def on_lag(self, partition: int, records: int, decided_to_ms: int) -> None:  # noqa: ARG002
        self.lags.append((len(self.partition.decided), records, decided_to_ms))


class Rig:
    """Turns, an agent that takes them, and what the tests turn."""

    def __init__(self, length: int, aside: Sequence[int] = (), **settings: Any) -> None:
        self.partition = Partition()
        self.log = Logs({IN: list(range(1000, 1000 + length)), ASIDE: list(aside)})
        self.stopping = False
        self.handed: list[list[int]] = []
        self.handed_over = asyncio.Event()
        self.told = Told(self.partition)
        self.agent = self.decide_all
        self.turns: Turns[Count] = Turns(
            TurnSettings(
                group="g",
                input_topics=("in", "aside"),
                state_topic="state",
                max_records=3,
                **settings,
            ),
            SimpleNamespace(partitions={0: self.partition}),
            self.hand_over,
            self.told,
            Watchdog(60),
            lambda: self.stopping,
        )

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Run turns until this is so, and what was begun is committed."""
        async with asyncio.timeout(5):
            while not is_so():
                await self.turns.run(self.log)
            await self.turns._committing.all_in()

    async def until_decided(self, records: int) -> None:
        await self.until(lambda: len(self.partition.decided) >= records)

    async def hand_over(self, turn: Turn[Count]) -> None:
        self.handed += [[record.offset for record in work.records] for work in turn]
        self.task = asyncio.create_task(self.agent(turn))
        self.handed_over.set()

    async def decide_all(self, turn: Turn[Count]) -> None:
        turn.commit([(work, decide(RULES, work)) for work in turn])


async def test_turns_decide_the_log_in_order_and_once():
    rig = Rig(10)
    await rig.turns.resume(rig.log)
    await rig.until_decided(10)
    assert rig.partition.committed == list(range(10))


async def test_what_is_told_of_a_turn_is_true_when_it_is_told():
    rig = Rig(4)
    await rig.turns.resume(rig.log)
    await rig.until_decided(4)
    told_of_a_turn = ["transaction, 3 committed", "decided, 3 committed"]
    assert rig.told.order[:3] == [*told_of_a_turn, "turn of 3 in 1"]
    # Three decided, one left that is fetched; then all, up to Kafka's answer.
    assert rig.told.lags == [(3, 1, 1003), (4, 0, rig.log.answered_ms)]


async def test_of_a_turn_that_is_given_up_nothing_is_told():
    rig = Rig(4)

    async def withdraw(_: Any) -> None:
        rig.turns.withdraw()

    rig.agent = withdraw
    await rig.turns.resume(rig.log)
    await rig.turns.run(rig.log)
    assert rig.told.order == []


async def test_a_fetch_that_crossed_a_pause_is_dropped_and_read_again():
    rig = Rig(6)
    await rig.turns.resume(rig.log)

    async def pause_and_resume() -> None:
        rig.log.before_reading = None
        await rig.turns.pause()
        await rig.turns.resume(rig.log)

    rig.log.before_reading = pause_and_resume
    await rig.until_decided(6)
    assert rig.partition.committed == list(range(6))


async def test_a_position_that_jumps_by_itself_ends_in_an_error_before_any_commit():
    rig = Rig(10)
    await rig.turns.resume(rig.log)
    await rig.turns.run(rig.log)
    rig.log.positions[IN] = 8  # what is before was fetched ahead
    with pytest.raises(PositionError, match="in-0: fetched from 8, expected 6"):
        await rig.until_decided(10)
    assert rig.partition.committed == [0, 1, 2, 3, 4, 5]


async def test_in_a_backlog_the_next_fetch_is_under_way_while_a_turn_commits():
    rig = Rig(9)
    asked: list[int] = []

    async def look(turn: Turn[Count]) -> None:
        await asyncio.sleep(0)
        asked.append(len(rig.log.asked))
        await rig.decide_all(turn)

    rig.agent = look
    await rig.turns.resume(rig.log)
    await rig.until_decided(9)
    assert rig.partition.committed == list(range(9))
    # The third turn leaves nothing behind: what comes next is fetched after it.
    assert asked == [2, 3, 3]


async def test_a_turn_that_left_nothing_behind_is_followed_by_a_pause():
    rig = Rig(6, calm_turn_ms=100)
    began: list[float] = []

    async def note(turn: Turn[Count]) -> None:
        began.append(time.monotonic())
        await rig.decide_all(turn)

    rig.agent = note
    await rig.turns.resume(rig.log)
    await rig.turns.run(rig.log)
    assert rig.turns._next_turn_at <= began[0]  # a backlog waits for nothing
    await rig.until_decided(6)
    rig.log.times[IN].append(1006)
    await rig.until_decided(7)
    assert rig.partition.committed == list(range(7))
    assert began[2] - began[1] > 0.09  # from hand-over, a moment after the start


async def test_what_is_fetched_ahead_waits_until_its_partition_is_committed():
    rig = Rig(6)
    commit, goes_on = rig.partition.commit, asyncio.Event()

    async def late(work: Any, decided: Any) -> bool:
        await goes_on.wait()
        return await commit(work, decided)

    rig.partition.commit = late
    await rig.turns.resume(rig.log)
    running = asyncio.create_task(rig.until_decided(6))
    await asyncio.sleep(0.05)
    assert len(rig.log.asked) == 2
    assert rig.handed == [[0, 1, 2]]
    goes_on.set()
    await running
    assert rig.handed == [[0, 1, 2], [3, 4, 5]]
    assert rig.partition.committed == [0, 1, 2, 3, 4, 5]


async def test_an_input_with_few_records_waits_for_the_backlog_of_the_other():
    rig = Rig(9, aside=[1001, 1007])
    await rig.turns.resume(rig.log)
    await rig.until_decided(11)
    assert rig.partition.decided == [
        *[("in", 0), ("in", 1), ("aside", 0), ("in", 2)],
        *[("in", offset) for offset in (3, 4, 5, 6, 7)],
        *[("aside", 1), ("in", 8)],
    ]
    # What is held back is not asked for again.
    assert rig.log.asked == [["in", "aside"], ["in"], ["in"]]


async def test_what_was_held_back_over_a_pause_is_read_again_and_once():
    rig = Rig(6, aside=[1004])
    await rig.turns.resume(rig.log)
    await rig.turns.run(rig.log)
    await rig.turns.pause()
    assert rig.partition.decided == [("in", 0), ("in", 1), ("in", 2)]
    await rig.turns.resume(rig.log)
    await rig.turns.run(rig.log)
    assert len(rig.partition.decided) == 3  # what was fetched ahead is dropped
    await rig.until_decided(7)
    assert rig.partition.decided[3:] == [
        *[("in", 3), ("in", 4), ("aside", 0), ("in", 5)]
    ]


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
    await rig.handed_over.wait()
    pausing = asyncio.create_task(rig.turns.pause())
    await asyncio.sleep(0.01)
    assert not pausing.done()
    go_on.set()
    await asyncio.gather(running, pausing)
    assert rig.partition.committed == [0, 1, 2]


@pytest.mark.parametrize("after", range(16))
async def test_a_turn_nobody_takes_is_given_up_at_whatever_moment_it_is_stopped(after):
    rig = Rig(3)
    await rig.turns.resume(rig.log)

    async def gone(_: Turn[Count]) -> None: ...

    rig.agent = gone
    running = asyncio.create_task(rig.turns.run(rig.log))
    for _ in range(after):
        await asyncio.sleep(0)
    rig.stopping = True
    rig.turns.withdraw()
    async with asyncio.timeout(5):
        await rig.turns.pause()
        await running
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
    await rig.handed_over.wait()
    rig.task.cancel()
    await asyncio.sleep(0.01)
    go_on.set()
    await asyncio.wait_for(running, 1)
    assert rig.partition.committed == [0, 1, 2]


async def test_an_agent_that_leaves_out_work_is_told_so():
    rig = Rig(3)
    await rig.turns.resume(rig.log)

    async def forgetful(turn: Turn[Count]) -> None:
        turn.commit([])

    rig.agent = forgetful
    running = asyncio.create_task(rig.turns.run(rig.log))
    await rig.handed_over.wait()
    with pytest.raises(BrokenAgentError):
        await rig.task
    running.cancel()


async def test_a_kafka_that_does_not_answer_is_given_up():
    rig = Rig(0, watchdog_s=0.05)
    await rig.turns.resume(rig.log)
    await rig.turns.run(rig.log)
    await asyncio.sleep(0.1)
    with pytest.raises(KafkaGoneError):
        await rig.turns.run(rig.log)


async def test_a_wall_clock_that_is_set_is_no_silence_of_kafka(monkeypatch):
    rig = Rig(0, watchdog_s=60.0)
    await rig.turns.resume(rig.log)
    await rig.turns.run(rig.log)
    now_s = time.time()
    monkeypatch.setattr(time, "time", lambda: now_s + 3600)
    await rig.turns.run(rig.log)
