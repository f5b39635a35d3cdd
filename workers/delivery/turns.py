"""Turns: one fetch, handed to the agent, and one transaction for each partition in it.

A partition is one number in all inputs. What a fetch brings of it goes through its
inbox, which holds back what another input may still overtake; that is not fetched
again, and comes into a later turn.

Who may do what, when
    A turn runs from its fetch to its commit under one lock, except the fetch itself:
    while Kafka shares partitions out anew it keeps a fetch waiting, and to let go of
    partitions needs the lock. So the fetch is outside, and what it brings is used only
    if no partition has come or gone meanwhile (`_epoch`); else it is dropped, and the
    positions are set again. Never is anything dropped without that.

Who waits for whom
    In a backlog the next fetch is under way while a turn is decided and committed; its
    records are looked at after the commit and not before. Once caught up a fetch begins
    after the commit: begun before, it would bring the first record that comes, and the
    others would each want a transaction of their own.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Generic, NamedTuple, TypeVar

from aiokafka import TopicPartition

from workers.delivery.decide import Decided, Work
from workers.delivery.exits import KafkaGoneError, PositionError
from workers.delivery.observer import Observer
from workers.delivery.owner import Owner
from workers.delivery.partition import Partition
from workers.delivery.resting import REST_S, Resting
from workers.delivery.settings import TurnSettings
from workers.delivery.source import Fetched, Source
from workers.delivery.turn import Turn
from workers.delivery.turn_size import TurnSize
from workers.delivery.watchdog import Doing, Watchdog

logger = logging.getLogger(__name__)

S = TypeVar("S")


class _Fetch(NamedTuple, Generic[S]):
    """A fetch under way."""

    epoch: int
    logs: dict[TopicPartition, Partition[S]]
    task: asyncio.Task[Mapping[TopicPartition, Fetched]]


class Turns(Generic[S]):
    """Makes turns of what a source gives, as long as partitions are owned.

    Args:
        settings: The agent's.
        owner: The partitions.
        hand_over: Puts a turn into the agent's hands.
        observer: Is told of each turn.
        watchdog: Is told that something moves.
        is_stopping: Whether the application is going down, agents first.
    """

    def __init__(
        self,
        settings: TurnSettings,
        owner: Owner[S],
        hand_over: Callable[[Turn[S]], Awaitable[None]],
        observer: Observer,
        watchdog: Watchdog,
        is_stopping: Callable[[], bool],
    ) -> None:
        self._settings = settings
        self._owner = owner
        self._hand_over = hand_over
        self._observer = observer
        self._watchdog = watchdog
        self._is_stopping = is_stopping
        self._resting = Resting(settings.rejected_limit)
        self._size = TurnSize(settings.max_records)
        self._lock = asyncio.Lock()
        self._ready = False
        self._epoch = 0
        self._fetched_to: dict[TopicPartition, int] = {}
        self._answers: dict[TopicPartition, tuple[int | None, float]] = {}
        """Of each log: when Kafka last answered by its words, and by our own clock."""
        self._ahead: _Fetch[S] | None = None
        self._turn: Turn[S] | None = None
        self._next_turn_at = 0.0

    async def run(self, source: Source) -> None:
        """Run one turn, or wait a moment if none can be run now."""
        if not self._ready:
            await asyncio.sleep(0.005)
            return
        if not self._owner.partitions:
            self._watchdog.beat(Doing.IDLE)
            await asyncio.sleep(0.1)
            return
        epoch = self._epoch
        await asyncio.sleep(max(0.0, self._next_turn_at - time.monotonic()))
        fetch = self._ahead
        if fetch is None:
            among = self._among()
            if not among:
                self._watchdog.beat(Doing.RESTING)
                await asyncio.sleep(0.1)
                return
            fetch = self._fetch(source, among, epoch)
        self._ahead = None
        fetched = await fetch.task
        async with self._lock:
            if fetch.epoch != self._epoch or self._is_stopping():
                if self._ready:
                    await self._set_positions(source)
                return
            if fetch.logs and not fetched:
                return
            self._watchdog.beat(Doing.DECIDING)
            self._check_sequence(fetched)
            if not any(each.records for each in fetched.values()):
                self._check_answered(fetched)
            for log, each in fetched.items():
                fetch.logs[log].receive(log.topic, each)
            among = self._among()
            await self._run(among, source, epoch)
            self._tell_of(among)
            self._watchdog.beat(Doing.FETCHING)

    async def pause(self) -> None:
        """Run no more turns, and wait for the one that runs."""
        self._ready = False
        self._epoch += 1
        async with self._lock:
            pass

    async def resume(self, source: Source) -> None:
        """Set the positions and run turns."""
        async with self._lock:
            await self._set_positions(source)
            # What is being fetched while the positions move is dropped.
            self._epoch += 1
            self._ready = True
            self._answers = {}
            self._watchdog.beat(Doing.FETCHING)

    def withdraw(self) -> None:
        """Give up a turn that the agent has not taken; for when agents are stopped."""
        if self._turn is not None:
            self._turn.withdraw()
        if self._ahead is not None:
            self._ahead.task.cancel()
            self._ahead = None

    def _fetch(
        self, source: Source, among: list[Partition[S]], epoch: int
    ) -> _Fetch[S]:
        """Begin to fetch what these partitions are short of.

        Args:
            source: Where from.
            among: The partitions.
            epoch: When it was seen that these are ours.
        """
        logs = {
            TopicPartition(topic, partition.number): partition
            for partition in among
            for topic in partition.inbox.wanted()
        }
        wait = all(partition.inbox.first() is None for partition in among)
        size = self._size.among(len({log.partition for log in logs}))
        fetching = source.fetch(logs, size, wait=wait)
        return _Fetch(epoch, logs, asyncio.ensure_future(fetching))

    async def _run(self, among: list[Partition[S]], source: Source, epoch: int) -> None:
        started = time.monotonic()
        now_ms = _now_ms()
        work_of = {
            partition: work
            for partition in among
            if (work := partition.work(now_ms)) is not None
        }
        works = tuple(
            await asyncio.gather(
                *(
                    partition.prepare(work, now_ms, self._is_deciding)
                    for partition, work in work_of.items()
                )
            )
        )
        if not works or self._is_stopping():  # then no agent would take it
            return
        pause_ms = self._settings.min_turn_ms
        if all(each.inbox.caught_up for each in among):
            pause_ms = max(pause_ms, self._settings.calm_turn_ms)
        elif not any(each.care for each in among):
            self._ahead = self._fetch(source, among, epoch)
        self._turn = Turn(works, self._commit)
        await self._hand_over(self._turn)
        transactions = await self._turn.done()
        decided, self._turn = self._turn.decided_at, None
        ended = time.monotonic()
        self._next_turn_at = started + pause_ms / 1000
        records = sum(len(work.records) for work in works)
        if decided is not None:
            self._size.learn(records, decided - started, len(among))
            self._observer.on_decided(decided - started)
            self._observer.on_turn(records, transactions, ended - started)

    def _is_deciding(self) -> None:
        self._watchdog.beat(Doing.DECIDING)

    def _tell_of(self, among: list[Partition[S]]) -> None:
        """Tell where partitions stand now."""
        for partition in among:
            lag = partition.inbox.lag()
            if lag is not None:
                to_ms = partition.decided_to_ms()
                self._observer.on_lag(partition.number, lag, to_ms)
            entries, size_bytes = len(partition.store), partition.state_bytes
            self._observer.on_state(partition.number, entries, size_bytes)

    async def _set_positions(self, source: Source) -> None:
        offsets = {}
        for number, partition in self._owner.partitions.items():
            partition.inbox.clear()
            for topic, offset in partition.next_offsets.items():
                offsets[TopicPartition(topic, number)] = offset
        await source.set_positions(offsets)
        self._fetched_to = offsets

    def _check_sequence(self, fetched: Mapping[TopicPartition, Fetched]) -> None:
        """Insist that each fetch begins where the last one ended.

        Raises:
            PositionError: one does not; records would be lost, or decided twice.
        """
        for log, each in fetched.items():
            if each.first_offset != self._fetched_to[log]:
                raise PositionError(
                    f"{log.topic}-{log.partition}: fetched from {each.first_offset}, "
                    f"expected {self._fetched_to[log]}"
                )
            self._fetched_to[log] = each.next_offset

    def _check_answered(self, fetched: Mapping[TopicPartition, Fetched]) -> None:
        """Insist that Kafka answers; asked only when nothing fetched is waiting here.

        Raises:
            KafkaGoneError: it has not, for as long as the watchdog would wait.
        """
        # A wall clock may be set; that must not look like a long silence.
        now_s = time.monotonic()
        for log, each in fetched.items():
            answered_ms, since_s = self._answers.get(log, (None, now_s))
            if log not in self._answers or answered_ms != each.answered_ms:
                since_s = now_s
                self._answers[log] = (each.answered_ms, since_s)
            silent_s = now_s - since_s
            if silent_s > self._settings.watchdog_s:
                raise KafkaGoneError(
                    f"no answer to a fetch of {log.topic}-{log.partition} "
                    f"for {silent_s:.0f} s"
                )

    async def _commit(self, work: Work[S], decided: Decided[S]) -> bool:
        started = time.monotonic()
        written = await self._owner.partitions[work.partition].commit(work, decided)
        if written:
            self._observer.on_transaction(time.monotonic() - started)
        self._rest(work.partition, decided)
        return written

    def _rest(self, number: int, decided: Decided[S]) -> None:
        """Let a partition rest if too much of it is rejected, and say so."""
        over = self._resting.note(number, decided.decided, len(decided.rejections))
        if over is not None:
            logger.error(
                "partition %d rests for %.0f s: %d of its last %d records rejected",
                number,
                REST_S,
                *over,
            )

    def _among(self) -> list[Partition[S]]:
        """Return the partitions of the next turn: those that do not rest."""
        return [
            partition
            for number, partition in sorted(self._owner.partitions.items())
            if not self._resting.rests(number)
        ]


def _now_ms() -> int:
    return int(time.time() * 1000)
