"""What runs in Faust's thread never waits there for what others hold up."""

import asyncio
import time
from types import SimpleNamespace

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, NodeNotReadyError

from workers.delivery import consumer
from workers.delivery.consumer import TurnThread

LOG = TopicPartition("in", 0)
OTHER = TopicPartition("in", 1)


@pytest.fixture
def thread(monkeypatch):
    """A thread whose consumer waits for ever, as in the middle of a rebalance."""
    monkeypatch.setattr(consumer, "_POSITION_S", 0.05)
    stuck = SimpleNamespace(position=waits, assignment=lambda: {LOG})
    stuck._coordinator = Coordinator(waits)
    return SimpleNamespace(_ensure_consumer=lambda: stuck)


async def waits(*_: object) -> None:
    await asyncio.Event().wait()


class Coordinator:
    """A member of the group, as aiokafka keeps it."""

    def __init__(self, known):
        self.known = known
        self.generation, self.member_id = 3, "we"
        self.asked: list[dict[TopicPartition, int]] = []
        self.answer: Exception | None = None

    async def ensure_coordinator_known(self) -> None:
        await self.known(self)

    async def _do_commit_offsets(self, _: object, offsets) -> None:
        self.asked.append({log: each.offset for log, each in offsets.items()})
        if self.answer is not None:
            raise self.answer


def soon() -> float:
    return time.monotonic() + 0.05


async def test_a_fetch_without_a_position_brings_nothing_and_ends(thread):
    async with asyncio.timeout(5):
        assert await TurnThread.fetch(thread, [LOG], 200, 10) == {}


class SharedOutAgain:
    """Another log loses its member while one's position is waited for.

    As aiokafka does, it insists that what is asked of is assigned.
    """

    def __init__(self) -> None:
        self.assigned = {LOG, OTHER}
        self.asked = 0

    def assignment(self) -> set[TopicPartition]:
        return self.assigned

    async def position(self, log: TopicPartition) -> int:
        if log not in self.assigned:
            raise IllegalStateError
        self.asked += 1
        if self.asked == 4:
            await asyncio.sleep(0)
            self.assigned = {log}
        return 5

    async def getmany(self, *_: object, **__: object) -> dict[TopicPartition, list]:
        return {}

    def last_stable_offset(self, log: TopicPartition) -> int:
        assert log in self.assigned, "Partition is not assigned"
        return 5

    last_poll_timestamp = last_stable_offset


async def test_a_fetch_of_what_was_shared_out_anew_in_its_middle_brings_nothing():
    shared = SharedOutAgain()
    thread = SimpleNamespace(_ensure_consumer=lambda: shared, _most_of_one=10)
    assert await TurnThread.fetch(thread, [LOG, OTHER], 200, 10) == {}
    assert shared.assigned == {OTHER}


async def test_a_commit_that_nobody_answers_ends(thread):
    async with asyncio.timeout(5):
        with pytest.raises(TimeoutError):
            await TurnThread.commit_for_group(thread, {LOG: 5}, soon())


async def test_to_commit_nothing_asks_nobody(thread):
    async with asyncio.timeout(5):
        await TurnThread.commit_for_group(thread, {}, soon())


async def at_once(_: object) -> None: ...


async def joined_again(coordinator: Coordinator) -> None:
    coordinator.generation += 1


async def thrown_out(coordinator: Coordinator) -> None:
    coordinator.generation, coordinator.member_id = -1, ""


def set_known(thread, known) -> Coordinator:
    coordinator = thread._ensure_consumer()._coordinator
    coordinator.known = known
    return coordinator


@pytest.mark.parametrize("meanwhile", [joined_again, thrown_out])
async def test_who_is_another_member_meanwhile_commits_nothing(thread, meanwhile):
    coordinator = set_known(thread, meanwhile)
    with pytest.raises(CommitFailedError):
        await TurnThread.commit_for_group(thread, {LOG: 5}, time.monotonic() + 5)
    assert coordinator.asked == []


async def test_who_is_no_member_commits_nothing(thread):
    coordinator = set_known(thread, at_once)
    coordinator.generation, coordinator.member_id = -1, ""
    with pytest.raises(CommitFailedError):
        await TurnThread.commit_for_group(thread, {LOG: 5}, time.monotonic() + 5)
    assert coordinator.asked == []


async def test_a_commit_is_asked_once_whatever_comes_of_it(thread):
    coordinator = set_known(thread, at_once)
    coordinator.answer = NodeNotReadyError()
    with pytest.raises(NodeNotReadyError):
        await TurnThread.commit_for_group(thread, {LOG: 5}, time.monotonic() + 5)
    assert coordinator.asked == [{LOG: 5}]


async def test_a_commit_that_comes_too_late_is_not_asked(thread):
    coordinator = set_known(thread, at_once)
    with pytest.raises(TimeoutError):
        await TurnThread.commit_for_group(thread, {LOG: 5}, time.monotonic() - 1)
    assert coordinator.asked == []
