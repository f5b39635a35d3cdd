"""One owned partition: its states, its position and the only one who may write them.

Memory is what the last committed transaction of this writer left. It changes after a
commit and at no other time, except to step over skipped records: to step over them
again does no harm, and a transaction for them alone would cost one.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

import msgspec

from workers.delivery.clients import Connection
from workers.delivery.decide import Decided, Work, decide
from workers.delivery.exits import PositionError
from workers.delivery.inbox import Inbox
from workers.delivery.position import POSITION_KEY, Position, encode_position
from workers.delivery.quarantine import Care, care_after, care_at_end, care_past
from workers.delivery.records import Record
from workers.delivery.rehearsal import Rehearsed, Tell, Telling, rehearse
from workers.delivery.rules import Rules
from workers.delivery.settings import TurnSettings
from workers.delivery.source import Fetched
from workers.delivery.store import Store
from workers.delivery.transaction import Row, Transactions

log = logging.getLogger(__name__)

S = TypeVar("S")

_STEP_OVER_S = 1.0
"""For how long a position may step over skipped records without being written."""


class Partition(Generic[S]):
    """A partition this process owns.

    Args:
        number: The partition's number, in each input and each output.
        rules: The agent's.
        settings: The agent's.
        connection: To Kafka.
    """

    def __init__(
        self,
        number: int,
        rules: Rules[S],
        settings: TurnSettings,
        connection: Connection,
    ) -> None:
        self.number = number
        self.store: Store[S] = Store(rules.deadline_ms)
        self.state_bytes = 0
        """Of all its states, as they are written."""
        self.position = Position()
        """As it is on Kafka."""
        self.next_offsets: dict[str, int] = {}
        """Of each input, as it is in memory; ahead of Kafka by skipped records only."""
        self.inbox = Inbox(settings.input_topics)
        self.care: Care | None = None
        self.is_newest = False
        """Whether `position` is known to be the newest there is. After partitions were
        shared out anew it is not, until we commit: we may have been away, and others
        have gone further."""
        self._rules = rules
        self._inputs = settings.input_topics
        self._state_topic = settings.state_topic
        self._outputs = settings.output_topics
        self._turn_records = settings.max_records
        self._rehearsal_s = settings.rehearsal_cpu_s, settings.patience_s
        self._stepped_over_since: float | None = None
        self._sizes: dict[bytes, int] = {}
        self._transactions = Transactions(
            connection, f"{settings.group}-{number}", number
        )

    async def start(self) -> None:
        """Become the writer; from here on nobody else's transaction can commit."""
        await self._transactions.start()

    async def abort_unended(self) -> None:
        """Abort what Kafka never ended of the writer before; see `unended`."""
        await self._transactions.abort((self._state_topic, *self._outputs))

    def load(
        self,
        states: dict[bytes, S],
        position: Position | None,
        sizes: Mapping[bytes, int],
        log_starts: Mapping[str, int],
    ) -> None:
        """Take over what the last owner committed; what is new starts at its log."""
        self.store.apply(states)
        self._measure(sizes)
        self.position = position or Position()
        self.is_newest = True
        self.next_offsets = {
            topic: self.position.next.get(topic, log_starts[topic])
            for topic in self._inputs
        }
        if self.position.open:
            self.care = care_after(self._inputs, self._turn_records)
            log.info("partition %d was not closed: a child goes first", self.number)

    def receive(self, topic: str, fetched: Fetched) -> None:
        """Take in what a fetch of an input brought; of it no records wait here.

        Raises:
            PositionError: the records do not follow on the position.
        """
        expected = self.next_offsets[topic]
        if fetched.records and fetched.records[0].offset < expected:
            raise PositionError(
                f"{topic}-{self.number}: read offset {fetched.records[0].offset}, "
                f"expected {expected} or later"
            )
        self.inbox.put(topic, fetched)

    def work(self, now_ms: int) -> Work[S] | None:
        """Return this partition's share of a turn; None if nothing is to be decided."""
        if self._past_markers() and self.position.next:
            self._step_over()
        if self.care is not None:
            self.care = care_at_end(self.care, self.inbox.ended())
        return self._work(self.inbox.take(), now_ms)

    def _work(self, records: list[Record], now_ms: int) -> Work[S] | None:
        wall_ms = self.inbox.wall_ms(records, now_ms)
        caught_up = self.inbox.caught_up
        if not records and not (caught_up and self._is_due(wall_ms)):
            return None
        return Work(
            self.number,
            self.store,
            records,
            self.position.clock_ms,
            wall_ms,
            caught_up,
        )

    async def prepare(
        self, work: Work[S], now_ms: int, beat: Callable[[], object]
    ) -> Work[S]:
        """Return the work that is to be done: this, or what a child survived of it.

        Before the first turn, and not with it, a note is committed that somebody is at
        work: a record that ends the process in that very turn would else leave no
        trace, and end the next one too, for ever.

        Args:
            work: A share of a turn.
            now_ms: As for `work`.
            beat: Is told that something moves.
        """
        if self.care is not None:
            work = await self._rehearsed(work, now_ms, beat)
        if not self.position.open:
            await self._write({}, self._moved(open=True))
        return work

    async def _rehearsed(
        self, work: Work[S], now_ms: int, beat: Callable[[], object]
    ) -> Work[S]:
        """Let a child process go first; see `workers.delivery.quarantine`."""
        beat()
        at = (await self._child(work)).died_at
        while at is not None and len(work.records) > 1:
            keep = max(at, 1) if at < len(work.records) else len(work.records) // 2
            self.inbox.give_back(work.records[keep:])
            fewer = self._work(list(work.records[:keep]), now_ms)
            assert fewer is not None
            work = fewer
            beat()
            at = (await self._child(work)).died_at
        if at is None or not work.records:
            return work
        unread = work._replace(quarantined=True)
        beat()
        if not (await self._child(unread)).lived:
            return work
        beat()
        if (await self._child(work)).died_at is None:
            return work
        place = work.records[0]
        log.error(
            "%s-%d, offset %d: processes end while it is decided; not read any more",
            place.topic,
            place.partition,
            place.offset,
        )
        return unread

    async def _child(self, work: Work[S]) -> Rehearsed:
        def step(tell: Tell) -> None:
            records = Telling(work.records, tell)
            self._rows(decide(self._rules, work._replace(records=records)))

        return await rehearse(step, *self._rehearsal_s)

    @property
    def committed_offsets(self) -> dict[str, int]:
        """The next offset to read of each input, if that is on Kafka."""
        on_kafka = self.position.next
        return {topic: on_kafka[topic] for topic in self._inputs if topic in on_kafka}

    async def commit(self, work: Work[S], decided: Decided[S]) -> bool:
        """Commit what was decided, then take it over; False if nothing was due."""
        rows = self._rows(decided)
        for record in work.records:
            self.next_offsets[record.topic] = record.offset + 1
        self._past_markers()
        if decided.is_empty and self.care is None and not self._step_over():
            return False
        care = None
        if self.care is not None:
            care = care_past(self.care, self._not_skipped(work))
        if care is not None:
            care = care_at_end(care, self.inbox.ended())
        states = rows[self._state_topic]
        sizes = {row.key or b"": len(row.value or b"") for row in states}
        position = self._moved(
            clock_ms=decided.clock_ms,
            caught_up=work.caught_up,
            open=True,
        )
        await self._write(rows, position)
        self.store.apply(decided.changes)
        self._measure(sizes)
        self.care = care
        return True

    def _not_skipped(self, work: Work[S]) -> Counter[str]:
        """Count a turn's records of each input; asked only where a child goes first."""
        seen = work.records[1:] if work.quarantined else work.records
        return Counter(each.topic for each in seen if not self._rules.skip(each))

    def _rows(self, decided: Decided[S]) -> dict[str, list[Row]]:
        rows: dict[str, list[Row]] = {}
        for time_ms, output in decided.outputs:
            row = Row(time_ms, output.key, output.value, output.headers)
            rows.setdefault(output.topic, []).append(row)
        version = (("state_version", b"%d" % self._rules.state_version),)
        rows[self._state_topic] = [
            Row(decided.clock_ms, key, None, ())
            if state is None
            else Row(decided.clock_ms, key, self._rules.encode_state(state), version)
            for key, state in decided.changes.items()
        ]
        return rows

    def _past_markers(self) -> bool:
        """Step over what is no record where an input is read to its end.

        Once Kafka has deleted all there is, a position before the marker that the log
        ends in would look like records deleted before they were read.
        """
        moved = False
        for topic, offset in self.inbox.read_to().items():
            if offset > self.next_offsets[topic]:
                self.next_offsets[topic] = offset
                moved = True
        return moved

    def decided_to_ms(self) -> int:
        """Return up to when all that reached Kafka is decided, ms since 1970."""
        return self.inbox.decided_to_ms(self.position.clock_ms)

    def _measure(self, sizes: Mapping[bytes, int]) -> None:
        """Take over the sizes of states that were written; 0 where one ended."""
        for key, size in sizes.items():
            self.state_bytes += size - self._sizes.pop(key, 0)
            if size:
                self._sizes[key] = size

    async def close(self) -> None:
        """Write that nobody is at work any more; the writer stays who it is.

        Whoever ended uncleanly before stays known until a child has been past the
        fatal turn: the next owner has to be as careful as we were.
        """
        if self.position.open:
            await self._write({}, self._moved(open=self.care is not None))

    async def stop(self) -> None:
        """Let go of the connection."""
        await self._transactions.stop()

    def _is_due(self, wall_ms: int) -> bool:
        """Tell whether silence up to *wall_ms* is a reason for a turn."""
        deadline = self.store.next_deadline_ms()
        stepped_over = self._stepped_over_since is not None and self._step_over()
        return stepped_over or (deadline is not None and deadline <= wall_ms)

    def _step_over(self) -> bool:
        """Tell whether skipped records have waited long enough to be written."""
        now = time.monotonic()
        if self._stepped_over_since is None:
            self._stepped_over_since = now
        return now - self._stepped_over_since >= _STEP_OVER_S

    def _moved(self, **changes: int | bool) -> Position:
        return msgspec.structs.replace(
            self.position,
            next={**self.position.next, **self.next_offsets},
            **changes,
        )

    async def _write(self, rows: dict[str, list[Row]], position: Position) -> None:
        rows.setdefault(self._state_topic, []).append(
            Row(position.clock_ms, POSITION_KEY, encode_position(position), ())
        )
        await self._transactions.write(rows)
        self.position = position
        self.is_newest = True
        self._stepped_over_since = None
