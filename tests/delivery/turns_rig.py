"""Turns of several partitions, whose transactions end when a test says so."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from aiokafka import TopicPartition

from tests.delivery.toy import Count, ToyRules
from workers.delivery import committing
from workers.delivery import turn as turn_module
from workers.delivery.chances import decide_beside_others
from workers.delivery.decide import Decided, Work
from workers.delivery.inbox import Inbox
from workers.delivery.observer import Unobserved
from workers.delivery.records import Record
from workers.delivery.settings import TurnSettings
from workers.delivery.source import Fetched
from workers.delivery.store import Store
from workers.delivery.turn import Turn
from workers.delivery.turns import Turns
from workers.delivery.watchdog import Watchdog

RULES = ToyRules()
FEW = 4
"""Records of one partition in a turn, about."""


class Died(BaseException):
    """In place of the end of the process."""


def deaths(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """Return what the process would have ended by, from here on."""
    causes: list[BaseException] = []

    def die(error: BaseException) -> NoReturn:
        causes.append(error)
        raise Died from error

    monkeypatch.setattr(committing, "die", die)
    monkeypatch.setattr(turn_module, "die", die)
    return causes


class Logs:
    """A source over one input, each partition with as many records as a test wants."""

    def __init__(self, lengths: list[int]) -> None:
        self.lengths = lengths
        self.positions: dict[TopicPartition, int] = {}
        self.answered_ms = int(time.time() * 1000)
        self.answers = 0
        self.unanswered: set[int] = set()
        """Partitions of which Kafka tells nothing any more."""

    async def fetch(
        self,
        logs: Any,
        max_records: int,
        *,
        wait: bool,  # noqa: ARG002  # a source's
    ) -> dict[TopicPartition, Fetched]:
        await asyncio.sleep(0)
        each = max(1, max_records // max(1, len(logs)))
        return {log: self.read(log, each) for log in logs}

    def read(self, log: TopicPartition, max_records: int) -> Fetched:
        first, end = self.positions[log], self.lengths[log.partition]
        upto = self.positions[log] = min(first + max_records, end)
        records = [
            Record("in", log.partition, offset, 1000 + offset, b"a", b"say")
            for offset in range(first, upto)
        ]
        answered_ms = self.answered_ms
        if log.partition not in self.unanswered:
            self.answers += 1
            answered_ms += self.answers
        return Fetched(records, first, upto, end, answered_ms)

    async def set_positions(self, offsets: dict[TopicPartition, int]) -> None:
        await asyncio.sleep(0)
        self.positions = dict(offsets)

    async def commit_group_offsets(self, offsets: Any, until: float) -> None: ...


class Partition:
    """A partition whose transactions end when the test says so."""

    state_bytes = 0

    def __init__(self, number: int, rig: "Rig") -> None:
        self.number = number
        self.rig = rig
        self.care: Any = None
        self.next_offsets = {"in": 0}
        self.inbox = Inbox(self.next_offsets)
        self.store: Store[Count] = Store(RULES.deadline_ms)
        self.committed: list[int] = []
        self.is_busy = False
        self.due = False

    async def prepare(self, work: Work[Count], *_: Any) -> Work[Count]:
        await asyncio.sleep(0)
        return work

    def receive(self, topic: str, fetched: Fetched) -> None:
        self.inbox.put(topic, fetched)

    def decided_to_ms(self) -> int:
        return self.inbox.decided_to_ms(0)

    def work(self, now_ms: int) -> Work[Count] | None:
        assert not self.is_busy, "decided before its own commit was in"
        assert self.rig.owned, "decided after it was let go"
        records = self.inbox.take()
        if not records and not self.due:
            return None
        self.due = False
        self.is_busy = True
        caught_up = self.inbox.caught_up
        return Work(self.number, self.store, records, 0, now_ms, caught_up)

    async def commit(self, work: Work[Count], decided: Decided[Count]) -> bool:
        assert work.store is self.store
        for record in work.records:
            self.next_offsets["in"] = record.offset + 1
        await self.rig.gate(self.number)
        self.store.apply(decided.changes)
        self.committed += [record.offset for record in work.records]
        self.is_busy = False
        return True


class Rig:
    """Turns, an agent as Faust runs it, and transactions in the test's hands."""

    def __init__(
        self, lengths: list[int], *, gated: bool = False, **options: Any
    ) -> None:
        self.owned = True
        self.gated = gated
        self.gates: deque[tuple[int, asyncio.Future[None]]] = deque()
        self.partitions = {n: Partition(n, self) for n in range(len(lengths))}
        self.log = Logs(lengths)
        self.handed: list[tuple[int, ...]] = []
        self.most_beside = 0
        self.stopping = False
        self.slow = asyncio.Event()
        self.slow.set()
        self.queue: asyncio.Queue[Turn[Count]] = asyncio.Queue()
        given = {"max_records": FEW * len(lengths), "calm_turn_ms": 0} | options
        self.turns: Turns[Count] = Turns(
            TurnSettings(group="g", input_topics=("in",), state_topic="state", **given),
            SimpleNamespace(partitions=self.partitions),
            self.queue.put,
            Unobserved(),
            Watchdog(60),
            lambda: self.stopping,
        )
        self.agent = asyncio.create_task(self.decide_all())
        self.running = asyncio.create_task(self.run())

    async def run(self) -> None:
        while not self.stopping:
            await self.turns.run(self.log)
            await asyncio.sleep(0)

    async def decide_all(self) -> None:
        while True:
            turn = await self.queue.get()
            numbers = tuple(work.partition for work in turn)
            self.handed.append(numbers)
            self.most_beside = max(
                self.most_beside,
                sum(each.is_busy for each in self.partitions.values()) - len(numbers),
            )
            decided = []
            for work in turn:
                await asyncio.sleep(0)
                await self.slow.wait()
                decided.append((work, await decide_beside_others(RULES, work)))
            turn.commit(decided)

    async def gate(self, number: int) -> None:
        if self.gated:
            gate = asyncio.get_running_loop().create_future()
            self.gates.append((number, gate))
            await gate

    def let_in(self, error: Exception | None = None) -> int:
        """End the transaction that was begun first; tell of which partition."""
        number, gate = self.gates.popleft()
        if error is None:
            gate.set_result(None)
        else:
            gate.set_exception(error)
        return number

    def let_all_in(self) -> None:
        self.gated = False
        while self.gates:
            self.let_in()

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not is_so():
                if self.running.done():
                    await self.running
                await asyncio.sleep(0)

    async def share_out_anew(self) -> None:
        letting_go = asyncio.create_task(self.turns.pause())
        await passes()
        self.slow.set()
        while not letting_go.done():
            while self.gates:
                self.let_in()
            await passes(1)
        await letting_go
        self.owned = False
        assert not any(each.is_busy for each in self.partitions.values())
        await passes(10)
        self.owned = True
        await self.turns.resume(self.log)

    @property
    def committed(self) -> list[list[int]]:
        return [each.committed for each in self.partitions.values()]

    async def all_decided(self) -> None:
        whole = [list(range(length)) for length in self.log.lengths]
        await self.until(lambda: self.committed == whole)

    async def end(self) -> None:
        """Stop as Faust does: agents first."""
        self.stopping = True
        self.agent.cancel()
        self.turns.withdraw()
        self.let_all_in()
        async with asyncio.timeout(10):
            await self.turns.pause()
            await self.running


async def rig_of(lengths: list[int], **options: Any) -> Rig:
    rig = Rig(lengths, **options)
    await rig.turns.resume(rig.log)
    return rig


async def passes(count: int = 30) -> None:
    for _ in range(count):
        await asyncio.sleep(0)
