"""One owned partition: its states, its position and the only one who may write them.

Memory is what the last committed transaction of this writer left. It changes after a
commit and at no other time, except to step over skipped records: to step over them
again does no harm, and a transaction for them alone would cost one.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

import msgspec

from workers.delivery.clients import Connection
from workers.delivery.decide import Decided, Work
from workers.delivery.exits import PositionError
from workers.delivery.inbox import Inbox
from workers.delivery.position import (
    POSITION_KEY,
    Attempt,
    Position,
    encode_position,
)
from workers.delivery.quarantine import (
    Care,
    attempt_at,
    care_after,
    care_at_end,
    care_past,
    is_suspect,
)
from workers.delivery.records import Record
from workers.delivery.rules import Rules
from workers.delivery.settings import TurnSettings
from workers.delivery.source import Fetched
from workers.delivery.store import Store
from workers.delivery.transaction import Row, Transactions

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
        self._turn_records = settings.max_records
        self._stepped_over_since: float | None = None
        self._sizes: dict[bytes, int] = {}
        self._transactions = Transactions(
            connection, f"{settings.group}-{number}", number
        )

    async def start(self) -> None:
        """Become the writer; from here on nobody else's transaction can commit."""
        await self._transactions.start()

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
            self.care = care_after(
                self.position.attempt, self.next_offsets, self._turn_records
            )

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
        if self.care is not None and self.care.single:
            suspect = self.care.suspect
            records = self.inbox.take(1, None if suspect is None else suspect[0])
        else:
            records = self.inbox.take()
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
            quarantined=is_suspect(self.care, _first(records)),
        )

    async def note(self, work: Work[S]) -> None:
        """Commit a note that somebody is at work, and of what is tried with care.

        Before the first turn, not with it: a record that ends the process in that
        very turn would else leave no trace, and end the next one too, for ever.
        """
        attempt = self.position.attempt
        if self.care is not None and not work.quarantined:
            first = _first(work.records)
            attempt = attempt_at(self.care, self.next_offsets, first)
        if not self.position.open or attempt != self.position.attempt:
            await self._write({}, self._moved(open=True, attempt=attempt))

    @property
    def committed_offsets(self) -> dict[str, int]:
        """The next offset to read of each input, if that is on Kafka."""
        on_kafka = self.position.next
        return {topic: on_kafka[topic] for topic in self._inputs if topic in on_kafka}

    async def commit(self, work: Work[S], decided: Decided[S]) -> bool:
        """Commit what was decided, then take it over; False if nothing was due."""
        rows = self._rows(decided)
        if self.care is not None and self.care.single:
            # Decided and encoded: what fails from here on is Kafka's doing, and must
            # not bring an innocent record nearer to quarantine.
            self._transactions.check(rows)
            await self._write({}, self._moved(open=True, attempt=None))
        for record in work.records:
            self.next_offsets[record.topic] = record.offset + 1
        self._past_markers()
        if decided.is_empty and self.care is None and not self._step_over():
            return False
        care = attempt = None
        if self.care is not None:
            care = care_past(self.care, self.next_offsets)
        if care is not None:
            attempt = attempt_at(care, self.next_offsets, self.inbox.first())
        states = rows[self._state_topic]
        sizes = {row.key or b"": len(row.value or b"") for row in states}
        position = self._moved(
            clock_ms=decided.clock_ms,
            caught_up=work.caught_up,
            open=True,
            attempt=attempt,
        )
        await self._write(rows, position)
        self.store.apply(decided.changes)
        self._measure(sizes)
        self.care = care
        return True

    def _rows(self, decided: Decided[S]) -> dict[str, list[Row]]:
        rows: dict[str, list[Row]] = {}
        for time_ms, (topic, key, value, headers) in decided.outputs:
            rows.setdefault(topic, []).append(Row(time_ms, key, value, headers))
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
        """Write that nobody is at work any more; the writer stays who it is."""
        if self.position.open:
            await self._write({}, self._moved(open=False, attempt=None))
            self.care = None

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

    def _moved(self, **changes: int | bool | Attempt | None) -> Position:
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


def _first(records: Sequence[Record]) -> Record | None:
    return records[0] if records else None
