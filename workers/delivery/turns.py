"""Turns: what was fetched, handed to the agent, and one transaction for each partition.

A partition is one number in all inputs. What a fetch brings of it goes through its
inbox, which holds back what another input may still overtake; that is not fetched
again, and comes into a later turn.

Who may do what, when
    A turn runs under one lock from what was fetched until it is decided, and to its
    commit too once caught up; the fetch is outside. While Kafka shares partitions out
    anew it keeps a fetch waiting, and to let go of partitions needs the lock. What a
    fetch brings is used only if no partition has come or gone meanwhile (`_epoch`);
    else it is dropped, and the positions are set again. Never is anything dropped
    without that. `pause` returns when all that was decided is committed.

Who waits for whom
    A partition is decided when its commit before is in, so that memory is what Kafka
    has. In a backlog a turn is of half the partitions that have something: while it is
    decided the other half is committed, and the next fetch is under way. So the core
    waits for nothing, and Kafka for us. The agent pauses now and then while it decides
    (`workers.delivery.chances`), so that the commits get on.

    Once caught up a turn is of all partitions, nothing is decided until it is
    committed, and a fetch begins after that: begun before, it would bring the first
    record that comes, and the others would each want a transaction of their own. So it
    is too where a child process goes first (`workers.delivery.quarantine`).
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Generic, TypeVar

from aiokafka import TopicPartition

from workers.delivery.committing import Committing
from workers.delivery.decide import Decided, Work
from workers.delivery.fetching import Fetching
from workers.delivery.observer import Observer
from workers.delivery.owner import Owner
from workers.delivery.partition import Partition
from workers.delivery.resting import REST_S, Resting
from workers.delivery.settings import TurnSettings
from workers.delivery.source import Source
from workers.delivery.turn import Turn
from workers.delivery.turn_size import TurnSize
from workers.delivery.watchdog import Doing, Watchdog

logger = logging.getLogger(__name__)

S = TypeVar("S")


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
        self._fetching: Fetching[S] = Fetching(settings.watchdog_s)
        self._committing = Committing()
        self._turn: Turn[S] | None = None
        self._next_turn_at = 0.0
        self._count = 0
        self._decided_in: dict[int, int] = {}
        """In which turn of a backlog each partition was decided last."""

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
        if self._fetching.now is None and not self._committing:
            among = self._among()
            if not among:
                self._watchdog.beat(Doing.RESTING)
                await asyncio.sleep(0.1)
                return
            self._fetch(source, among, epoch)
        await self._something()
        async with self._lock:
            fetch = self._fetching.now
            if epoch != self._epoch or self._is_stopping():
                return
            if fetch is not None and fetch.epoch != epoch:
                self._fetching.drop()
                await self._set_positions(source)
                return
            if fetch is not None and fetch.task.done() and not self._fetching.take_in():
                return
            self._watchdog.beat(Doing.DECIDING)
            await self._run(source, epoch)
            self._watchdog.beat(Doing.FETCHING)

    async def pause(self) -> None:
        """Run no more turns, and wait for those that run."""
        self._ready = False
        self._epoch += 1
        async with self._lock:
            # Who was about to resume has done so while this waited.
            self._ready = False
            self._epoch += 1
            await self._committing.all_in()

    async def resume(self, source: Source) -> None:
        """Set the positions and run turns."""
        async with self._lock:
            await self._set_positions(source)
            # What is being fetched while the positions move is dropped.
            self._epoch += 1
            self._ready = True
            self._fetching.forget_answers()
            self._watchdog.beat(Doing.FETCHING)

    def withdraw(self) -> None:
        """Give up a turn the agent has not committed; for when agents are stopped."""
        if self._turn is not None:
            self._turn.withdraw()
        self._fetching.give_up()

    def _fetch(self, source: Source, among: list[Partition[S]], epoch: int) -> None:
        """Begin to fetch what these partitions are short of."""
        logs = {
            TopicPartition(topic, partition.number): partition
            for partition in among
            for topic in partition.inbox.wanted()
        }
        if logs:
            # While something is here, what comes later must not keep others waiting.
            wait = all(partition.inbox.first() is None for partition in among)
            size = self._size.among(len({log.partition for log in logs}))
            self._fetching.begin(source, logs, size, epoch, wait=wait)

    def _can_go_on(self) -> bool:
        """Tell whether a partition can be decided without another fetch."""
        return any(
            partition.number not in self._committing
            and partition.inbox.first() is not None
            for partition in self._among()
        )

    async def _something(self) -> None:
        """Wait until a partition can be decided, or it is known that none can."""
        fetch = self._fetching.now
        if fetch is not None and fetch.epoch != self._epoch:
            await asyncio.wait([fetch.task])
        elif not self._can_go_on():
            first: list[asyncio.Task[object]] = [*self._committing.tasks]
            await asyncio.wait(
                [*first, *([fetch.task] if fetch is not None else [])],
                return_when=asyncio.FIRST_COMPLETED,
            )

    async def _run(self, source: Source, epoch: int) -> None:
        among = self._among()
        backlog = not all(each.inbox.is_read_to_end for each in among)
        alone = not backlog or any(each.care for each in among)
        if alone:
            await self._committing.all_in()
        started = time.monotonic()
        now_ms = _now_ms()
        work_of = {
            partition: work
            for partition in (among if alone else self._half(among))
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
        if works and not self._is_stopping():  # then no agent would take it
            pause_ms = self._settings.min_turn_ms
            if all(each.inbox.caught_up for each in among):
                pause_ms = max(pause_ms, self._settings.calm_turn_ms)
            elif not alone and self._fetching.now is None:
                self._fetch(source, among, epoch)
            self._turn = Turn(works, self._commit)
            await self._hand_over(self._turn)
            await self._turn.decided()
            turn, self._turn = self._turn, None
            self._committing.add(
                (work.partition for work in works), self._end(turn, started)
            )
            if turn.decided_at is not None:
                records = sum(len(work.records) for work in works)
                self._size.learn(records, turn.decided_at - started, len(among))
            if alone:
                await self._committing.all_in()
            self._next_turn_at = started + pause_ms / 1000
        self._tell_of(
            each
            for each in among
            if each not in work_of and each.number not in self._committing
        )

    def _half(self, among: list[Partition[S]]) -> list[Partition[S]]:
        """Return who is decided while the others are committed.

        It is those of which nothing is being committed, and of those that have records
        at most half of all that have some: who has waited longest.
        """
        free = [each for each in among if each.number not in self._committing]
        waiting = [each for each in free if each.inbox.first() is not None]
        half = (len(waiting) + len(self._committing) + 1) // 2
        idle = [each for each in free if each.inbox.first() is None]
        waiting.sort(key=lambda each: self._decided_in.get(each.number, 0))
        self._count += 1
        for each in waiting[:half]:
            self._decided_in[each.number] = self._count
        return waiting[:half] + idle  # which may have deadlines

    async def _end(self, turn: Turn[S], started: float) -> None:
        """Tell of a turn when it is committed."""
        transactions = await turn.done()
        if turn.decided_at is None:  # given up
            return
        records = sum(len(work.records) for work in turn)
        self._observer.on_decided(turn.decided_at - started)
        self._observer.on_turn(records, transactions, time.monotonic() - started)
        self._tell_of(self._owner.partitions[work.partition] for work in turn)

    def _is_deciding(self) -> None:
        self._watchdog.beat(Doing.DECIDING)

    def _tell_of(self, among: Iterable[Partition[S]]) -> None:
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
        await self._fetching.set_positions(source, offsets)

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
