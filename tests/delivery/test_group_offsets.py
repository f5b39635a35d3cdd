"""The group's offset follows the position, and never goes back."""

import asyncio

from aiokafka import TopicPartition

from workers.delivery import group_offsets
from workers.delivery.group_offsets import GroupOffsets

LOG = TopicPartition("in", 0)


class Group:
    """Takes what it is told last, when the test lets it."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.offsets: list[int] = []

    async def commit(self, offsets, until: float = 0.0) -> None:  # noqa: ARG002
        if not self.open.is_set() and offsets[LOG] == 5:
            await self.open.wait()
        self.offsets.append(offsets[LOG])


async def test_the_last_offset_does_not_overtake_one_that_is_on_its_way(monkeypatch):
    monkeypatch.setattr(group_offsets, "_LAST_TIMEOUT_S", 0.05)
    group, following = Group(), GroupOffsets(0.0)
    following.follow(group.commit, {LOG: 5})
    await asyncio.sleep(0)
    finishing = asyncio.create_task(following.finish(group.commit, {LOG: 9}))
    await asyncio.sleep(0.2)
    group.open.set()
    await finishing
    await asyncio.sleep(0.05)
    assert group.offsets == [5]


async def test_the_last_offset_is_told_before_partitions_are_let_go():
    group, following = Group(), GroupOffsets(0.0)
    group.open.set()
    following.follow(group.commit, {LOG: 5})
    await following.finish(group.commit, {LOG: 9})
    assert group.offsets == [5, 9]


async def test_while_an_offset_is_on_its_way_no_other_is_told():
    group, following = Group(), GroupOffsets(0.0)
    following.follow(group.commit, {LOG: 5})
    await asyncio.sleep(0)
    following.follow(group.commit, {LOG: 7})
    group.open.set()
    await following.finish(group.commit, {LOG: 7})
    assert group.offsets == [5, 7]
