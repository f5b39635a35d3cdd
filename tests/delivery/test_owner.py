"""Who comes to own partitions waits for Kafka, and not for ever."""

import asyncio
from typing import Any

import pytest

from tests.delivery.toy import ToyRules
from workers.delivery import owner
from workers.delivery.clients import Connection
from workers.delivery.exits import Exit, KafkaGoneError, exit_for, patience
from workers.delivery.observer import Unobserved
from workers.delivery.owner import Owner
from workers.delivery.partition import Partition
from workers.delivery.settings import TurnSettings


async def never(*_: Any, **__: Any) -> None:
    await asyncio.Event().wait()


async def at_once(*_: Any, **__: Any) -> None: ...


async def none_open(*_: Any, **__: Any) -> set[Any]:
    return set()


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (Partition, "start"),
        (Owner, "_check_state"),
        (owner, "unended"),
        (owner, "restore"),
    ],
)
async def test_a_kafka_that_does_not_answer_is_told_before_the_watchdog_ends_it(
    monkeypatch, where, name
):
    monkeypatch.setattr(Partition, "start", at_once)
    monkeypatch.setattr(Owner, "_check_state", at_once)
    monkeypatch.setattr(owner, "unended", none_open)
    monkeypatch.setattr(where, name, never)
    settings = TurnSettings(
        group="g", input_topics=("in",), state_topic="state", watchdog_s=0.2
    )
    kafka = Connection(bootstrap="127.0.0.1:1")
    owned: Owner[Any] = Owner(ToyRules(), settings, kafka, Unobserved())
    async with asyncio.timeout(20):
        with pytest.raises(KafkaGoneError) as gone:
            await owned.own({0}, lambda *_: None)
    assert exit_for(gone.value) == Exit.KAFKA_GONE
    assert owned.partitions == {}


async def too_long() -> None:
    async with patience(0.01):
        await never()


async def test_who_hears_of_progress_waits_on(monkeypatch):
    now, waited = asyncio.get_running_loop().time, 0.0
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now() + waited)
    async with patience(3600) as renew:
        for _ in range(3):
            waited += 3000
            renew()
            await asyncio.sleep(0)
    with pytest.raises(KafkaGoneError):
        await too_long()


class Closed(Unobserved):
    def __init__(self) -> None:
        self.numbers: list[int] = []

    def on_closed(self, partition: int) -> None:
        self.numbers.append(partition)


class SlowToStop:
    """A partition whose connection takes its time to close."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.stopped = False

    async def stop(self) -> None:
        await asyncio.sleep(0.02)
        self.stopped = True


async def test_what_is_lost_is_let_go_wholly_though_partitions_are_shared_out_again():
    settings = TurnSettings(group="g", input_topics=("in",), state_topic="state")
    kafka, closed = Connection(bootstrap="127.0.0.1:1"), Closed()
    owned: Owner[Any] = Owner(ToyRules(), settings, kafka, closed)
    lost: Any = SlowToStop(3)
    owned.partitions[3] = lost
    owning = asyncio.create_task(owned.own(set(), lambda *_: None))
    await asyncio.sleep(0.005)
    owning.cancel()
    with pytest.raises(asyncio.CancelledError):
        await owning
    assert closed.numbers == [3]
    await asyncio.sleep(0.1)
    assert lost.stopped
