"""The group's offset, kept within a second of the position, for tools that watch lag.

It is in no transaction (there it doubled the latency) and nothing is decided by it,
except that it must never be ahead of the position: then state was lost.

Kafka takes what it is told last, also if that is older. So there is never a second
request while a first may still be on its way in this process: each is asked once, up to
a moment, and who finds one that has not ended asks no more. The next owner tells the
position within a second.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from workers.delivery.exits import die

log = logging.getLogger(__name__)

Commit = Callable[[Mapping[TopicPartition, int], float], Awaitable[None]]
"""Commits the next offset of each log for the group, up to a moment (monotonic)."""

_ANSWER_S: Final = 4.0
_LAST_TIMEOUT_S: Final = 5.0
"""Longer: after it, one that has not ended can only be refused."""


class GroupOffsets:
    """Commits now and then, beside the turns.

    Args:
        every_s: How often at most.
    """

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._last_at = 0.0
        self._last: Mapping[TopicPartition, int] = {}
        self._task: asyncio.Task[None] | None = None

    def follow(self, commit: Commit, offsets: Mapping[TopicPartition, int]) -> None:
        """Commit committed positions if it is time; do not wait for it."""
        now = time.monotonic()
        if now - self._last_at < self._every_s or offsets == self._last:
            return
        if self._task is None or self._task.done():
            self._last_at = now
            self._task = asyncio.create_task(self._commit(commit, offsets))
            self._task.add_done_callback(_no_surprise)

    async def finish(
        self, commit: Commit, offsets: Mapping[TopicPartition, int]
    ) -> None:
        """Commit before the partitions are let go."""
        if self._task is not None:
            await asyncio.wait([self._task], timeout=_LAST_TIMEOUT_S)
        if self._task is not None and not self._task.done():
            log.warning("group offset: the one before is not answered, so not the last")
        elif offsets != self._last:
            try:
                async with asyncio.timeout(_LAST_TIMEOUT_S):
                    await self._commit(commit, offsets)
            except TimeoutError:
                log.warning("group offset: Kafka does not answer")
        self._last = {}

    async def _commit(
        self, commit: Commit, offsets: Mapping[TopicPartition, int]
    ) -> None:
        try:
            await commit(offsets, time.monotonic() + _ANSWER_S)
        except (KafkaError, TimeoutError) as error:
            # Mostly a rebalance under way; the position stands, the next try tells it.
            log.info("group offset not committed this time: %r", error)
        else:
            self._last = offsets


def _no_surprise(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        die(error)
