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


@pytest.mark.parametrize(
    ("where", "name"),
    [(Partition, "start"), (Owner, "_check_state"), (owner, "restore")],
)
async def test_a_kafka_that_does_not_answer_is_told_before_the_watchdog_ends_it(
    monkeypatch, where, name
):
    monkeypatch.setattr(Partition, "start", at_once)
    monkeypatch.setattr(Owner, "_check_state", at_once)
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
