"""What group membership asks for, in whatever order it comes."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from tests.delivery.toy import ToyRules
from workers.delivery.clients import Connection
from workers.delivery.inbox import Inbox
from workers.delivery.lifecycle import Lifecycle
from workers.delivery.observer import Unobserved
from workers.delivery.partition import Partition
from workers.delivery.position import Position
from workers.delivery.settings import TurnSettings


class SlowOwner:
    """Owns nothing, and takes its time to close."""

    def __init__(self) -> None:
        self.partitions: dict[int, Any] = {}
        self.closing = 0
        self.closed = 0
        self.stopped = False

    async def own(self, numbers: set[int], _: Any) -> None:
        self.partitions = {
            number: SimpleNamespace(
                inbox=Inbox(()), next_offsets={}, is_newest=False, committed_offsets={}
            )
            for number in numbers
        }

    async def close(self) -> None:
        assert not self.closing, "two transactions of one producer at a time"
        self.closing += 1
        await asyncio.sleep(0.02)
        self.closing -= 1
        self.closed += 1

    async def stop(self) -> None:
        assert not self.closing
        self.stopped = True


class NoSource:
    async def commit_group_offsets(
        self, offsets: dict[int, int], until: float
    ) -> None: ...


def lifecycle() -> tuple[Lifecycle[Any], SlowOwner]:
    settings = TurnSettings(group="g", input_topics=("in",), state_topic="state")

    async def hand_over(_: Any) -> None: ...

    made: Lifecycle[Any] = Lifecycle(
        ToyRules(),
        settings,
        Connection(bootstrap="127.0.0.1:1"),
        Unobserved(),
        hand_over,
        lambda: True,
    )
    owner = made._owner = SlowOwner()
    return made, owner


async def test_a_stop_in_the_middle_of_a_revocation_closes_each_partition_once():
    made, owner = lifecycle()
    await asyncio.gather(made.on_revoked(NoSource()), made.on_stop(NoSource()))
    assert (owner.closed, owner.stopped) == (1, True)


async def test_a_revocation_that_is_cancelled_still_comes_to_rest():
    made, owner = lifecycle()
    revoking = asyncio.create_task(made.on_revoked(NoSource()))
    await asyncio.sleep(0.005)
    revoking.cancel()
    await made.on_stop(NoSource())
    assert (owner.closed, owner.stopped) == (1, True)


class Positions(NoSource):
    def __init__(self) -> None:
        self.were_set = 0

    async def set_positions(self, _: dict[Any, int]) -> None:
        self.were_set += 1


@pytest.mark.parametrize("numbers", [{0, 1}, set()], ids=["some", "none"])
async def test_who_was_told_to_let_go_begins_nothing_before_the_next_assignment(
    numbers,
):
    """Faust sets positions of what it was assigned though that is revoked meanwhile."""
    made, _ = lifecycle()
    source = Positions()
    await made.on_assigned(numbers, source)
    await made.on_revoked(source)
    before = source.were_set
    await made.on_seek(numbers, source)
    assert source.were_set == before
    assert not made._turns._ready
    await made.on_assigned(numbers, source)
    await made.on_seek(numbers, source)
    assert source.were_set > before
    assert made._turns._ready


class Written:
    """Transactions that succeed."""

    async def write(self, rows: Any) -> None: ...


class Told(NoSource):
    def __init__(self) -> None:
        self.offsets: list[int] = []

    async def commit_group_offsets(self, offsets: dict[Any, int], until: float) -> None:  # noqa: ARG002
        self.offsets += offsets.values()


async def test_who_may_have_been_away_tells_the_group_nothing_until_it_commits():
    """It is a member again, and others have gone further; its writer is not fenced
    before it writes."""
    made, owner = lifecycle()
    settings = TurnSettings(group="g", input_topics=("in",), state_topic="state")
    kafka = Connection(bootstrap="127.0.0.1:1")
    partition = Partition(0, ToyRules(), settings, kafka)
    await partition.stop()
    partition._transactions = Written()
    partition.load({}, Position(next={"in": 5}), {}, {"in": 0})
    owner.partitions[0] = partition
    source = Told()
    await made.on_revoked(source)
    assert source.offsets == [5]
    made._group_offsets.follow(source.commit_group_offsets, made._positions())
    await made.on_revoked(source)
    assert source.offsets == [5]
    await partition._write({}, Position(next={"in": 7}))
    await made.on_revoked(source)
    assert source.offsets == [5, 7]
