"""The fetch under way, at most one, and what must be true of what it brings."""

import asyncio
import time
from collections.abc import Mapping
from typing import Generic, NamedTuple, TypeVar

from aiokafka import TopicPartition

from workers.delivery.exits import KafkaGoneError, PositionError
from workers.delivery.partition import Partition
from workers.delivery.source import Fetched, Source

S = TypeVar("S")


class Fetch(NamedTuple, Generic[S]):
    """A fetch under way."""

    epoch: int
    logs: Mapping[TopicPartition, Partition[S]]
    task: asyncio.Task[Mapping[TopicPartition, Fetched]]


class Fetching(Generic[S]):
    """Fetches, one after the other, each from where the one before ended.

    Args:
        patience_s: How long Kafka may be silent.
    """

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._fetched_to: Mapping[TopicPartition, int] = {}
        self._answers: dict[TopicPartition, tuple[int | None, float]] = {}
        """Of each log that is silent: when Kafka last answered, by the fetch, and since
        when it says so, by our own clock."""
        self.now: Fetch[S] | None = None
        """The one under way, or that nobody has looked at yet."""

    def begin(
        self,
        source: Source,
        logs: Mapping[TopicPartition, Partition[S]],
        max_records: int,
        epoch: int,
        *,
        wait: bool,
    ) -> None:
        """Begin to fetch.

        Args:
            source: Where from.
            logs: What is wanted.
            max_records: So many at most of one input.
            epoch: When it was seen that these are ours.
            wait: If there is nothing, for a while.
        """
        fetching = source.fetch(logs, max_records, wait=wait)
        self.now = Fetch(epoch, logs, asyncio.ensure_future(fetching))

    def give_up(self) -> None:
        """End the one under way; for when nothing will be decided any more."""
        if self.now is not None:
            self.now.task.cancel()
            self.now = None

    def drop(self) -> None:
        """Forget what was fetched; then the positions have to be set again."""
        assert self.now is not None
        self.now.task.result()
        self.now = None

    async def set_positions(
        self, source: Source, offsets: dict[TopicPartition, int]
    ) -> None:
        """Set where the next fetch of each log begins."""
        await source.set_positions(offsets)
        self._fetched_to = offsets

    def forget_answers(self) -> None:
        """Begin anew to wait for Kafka."""
        self._answers = {}

    def take_in(self) -> bool:
        """Give partitions what was fetched; False if it brought no answer.

        Raises:
            KafkaGoneError: Kafka has not answered for too long.
            PositionError: records would be lost, or decided twice.
        """
        assert self.now is not None
        logs, fetched = self.now.logs, self.now.task.result()
        self.now = None
        if logs and not fetched:  # not ours any more; whoever shares them out tells
            return False
        self._check_sequence(fetched)
        self._check_answered(fetched)
        for log, each in fetched.items():
            logs[log].receive(log.topic, each)
        return True

    def _check_sequence(self, fetched: Mapping[TopicPartition, Fetched]) -> None:
        """Insist that each fetch begins where the last one ended.

        Raises:
            PositionError: one does not; records would be lost, or decided twice.
        """
        fetched_to = dict(self._fetched_to)
        for log, each in fetched.items():
            if each.first_offset != fetched_to[log]:
                raise PositionError(
                    f"{log.topic}-{log.partition}: fetched from {each.first_offset}, "
                    f"expected {fetched_to[log]}"
                )
            fetched_to[log] = each.next_offset
        self._fetched_to = fetched_to

    def _check_answered(self, fetched: Mapping[TopicPartition, Fetched]) -> None:
        """Insist that Kafka answers about each log of which nothing comes.

        Others may be busy meanwhile: one broker can be out of reach, and not the rest.

        Raises:
            KafkaGoneError: it has not, for as long as the watchdog would wait.
        """
        # A wall clock may be set; that must not look like a long silence.
        now_s = time.monotonic()
        answers = {}
        for log, each in fetched.items():
            if each.records:
                continue
            since_s = now_s
            if (before := self._answers.get(log)) and before[0] == each.answered_ms:
                since_s = before[1]
            answers[log] = each.answered_ms, since_s
            silent_s = now_s - since_s
            if silent_s > self._patience_s:
                raise KafkaGoneError(
                    f"no answer to a fetch of {log.topic}-{log.partition} "
                    f"for {silent_s:.0f} s"
                )
        # Of a log that brought records, or was not asked, silence begins anew.
        self._answers = answers
