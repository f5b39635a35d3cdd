"""What group membership asks for, in whatever order it comes."""

import asyncio
from typing import Any

from tests.delivery.toy import ToyRules
from workers.delivery.clients import Connection
from workers.delivery.lifecycle import Lifecycle
from workers.delivery.observer import Unobserved
from workers.delivery.settings import TurnSettings


class SlowOwner:
    """Owns nothing, and takes its time to close."""

    def __init__(self) -> None:
        self.partitions: dict[int, Any] = {}
        self.closing = 0
        self.closed = 0
        self.stopped = False

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
