"""What runs in Faust's thread never waits there for what others hold up."""

import asyncio
from types import SimpleNamespace

import pytest
from aiokafka import TopicPartition

from workers.delivery import consumer
from workers.delivery.consumer import TurnThread

LOG = TopicPartition("in", 0)


@pytest.fixture
def thread(monkeypatch):
    """A thread whose consumer waits for ever, as in the middle of a rebalance."""
    monkeypatch.setattr(consumer, "_POSITION_S", 0.05)
    monkeypatch.setattr(consumer, "_COMMIT_S", 0.05)

    async def waits(*_: object) -> None:
        await asyncio.Event().wait()

    stuck = SimpleNamespace(position=waits, commit=waits)
    return SimpleNamespace(_ensure_consumer=lambda: stuck)


async def test_a_fetch_without_a_position_brings_nothing_and_ends(thread):
    async with asyncio.timeout(5):
        assert await TurnThread.fetch(thread, [LOG], 200, 10) == {}


async def test_a_commit_that_nobody_answers_ends(thread):
    async with asyncio.timeout(5):
        with pytest.raises(TimeoutError):
            await TurnThread.commit_for_group(thread, {LOG: 5})


async def test_to_commit_nothing_asks_nobody(thread):
    async with asyncio.timeout(5):
        await TurnThread.commit_for_group(thread, {})
