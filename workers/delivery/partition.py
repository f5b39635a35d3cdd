"""One owned partition: its states, its position and the only one who may write them.

Memory is what the last committed transaction of this writer left. It changes after a
commit and at no other time, except to step over skipped records: to step over them
again does no harm, and a transaction for them alone would cost one.
"""

import time
from typing import Generic, TypeVar

import msgspec

from workers.delivery.clients import Connection
from workers.delivery.decide import Decided, Work
from workers.delivery.exits import PositionError
from workers.delivery.position import (
    POSITION_KEY,
    Attempt,
    Position,
    encode_position,
)
from workers.delivery.quarantine import Care, care_after, care_at_end, care_past
from workers.delivery.records import Record
from workers.delivery.rules import Rules
from workers.delivery.settings import TurnSettings
from workers.delivery.store import Store
from workers.delivery.transaction import Row, Transactions

S = TypeVar("S")

_STEP_OVER_S = 1.0
"""For how long a position may step over skipped records without being written."""


class Partition(Generic[S]):
    """A partition this process owns.

    Args:
        number: The partition's number, in the input and in every output.
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
        self.position = Position()
        """As it is on Kafka."""
        self.next_offset = 0
        """As it is in memory; ahead of Kafka by skipped records only."""
        self.care: Care | None = None
        self._rules = rules
        self._topic = settings.input_topic
        self._state_topic = settings.state_topic
        self._turn_records = settings.max_records
        self._stepped_over_since: float | None = None
        self._transactions = Transactions(
            connection, f"{settings.group}-{number}", number
        )

    async def start(self) -> None:
        """Become the writer; from here on nobody else's transaction can commit."""
        await self._transactions.start()

    def load(
        self, states: dict[bytes, S], position: Position | None, log_start: int
    ) -> None:
        """Take over what the last owner committed; a first owner starts at the log."""
        self.store.apply(states)
        self.position = position or Position(next={self._topic: log_start})
        self.next_offset = self.position.next[self._topic]
        if self.position.open:
            self.care = care_after(
                self.position.attempt, self.next_offset, self._turn_records
            )

    def work(self, records: list[Record], wall_ms: int, *, caught_up: bool) -> Work[S]:
        """Return this partition's share of a turn.

        Raises:
            PositionError: the records do not follow on the position.
        """
        if records and records[0].offset < self.next_offset:
            raise PositionError(
                f"{self._topic}-{self.number}: read offset {records[0].offset}, "
                f"expected {self.next_offset} or later"
            )
        return Work(
            self.number,
            self.store,
            records,
            self.position.clock_ms,
            wall_ms,
            caught_up,
            quarantined=self.care is not None and self.care.quarantine,
        )

    async def note(self) -> None:
        """Commit a note that somebody is at work, and of what is tried with care.

        Before the first turn, not with it: a record that ends the process in that
        very turn would else leave no trace, and end the next one too, for ever.
        """
        care = self.care
        if self.position.open and (care is None or care.noted):
            return
        attempt = None if care is None else care.attempt
        await self._write({}, self._moved(open=True, attempt=attempt))
        if care is not None:
            self.care = msgspec.structs.replace(care, noted=True)

    @property
    def committed_offset(self) -> int:
        """The next offset to read, as it is on Kafka."""
        return self.position.next[self._topic]

    def is_due(self, wall_ms: int) -> bool:
        """Tell whether silence up to *wall_ms* is a reason for a turn."""
        deadline = self.store.next_deadline_ms()
        stepped_over = self._stepped_over_since is not None and self._step_over()
        return stepped_over or (deadline is not None and deadline <= wall_ms)

    def nothing_left(self) -> None:
        """Take note that the log is read to its end."""
        if self.care is not None:
            self.care = care_at_end(self.care, self.next_offset, self._turn_records)

    async def commit(self, work: Work[S], decided: Decided[S]) -> bool:
        """Commit what was decided, then take it over; False if nothing was due."""
        if work.records:
            self.next_offset = work.records[-1].offset + 1
        if decided.is_empty and self.care is None and not self._step_over():
            return False
        care = None if self.care is None else care_past(self.care, self.next_offset)
        position = self._moved(
            clock_ms=decided.clock_ms,
            caught_up=work.caught_up,
            open=True,
            attempt=None if care is None else care.attempt,
        )
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
        await self._write(rows, position)
        self.store.apply(decided.changes)
        self.care = care
        return True

    async def close(self) -> None:
        """Write that nobody is at work any more; the writer stays who it is."""
        if self.position.open:
            await self._write({}, self._moved(open=False, attempt=None))
            self.care = None

    async def stop(self) -> None:
        """Let go of the connection."""
        await self._transactions.stop()

    def _step_over(self) -> bool:
        """Tell whether skipped records have waited long enough to be written."""
        now = time.monotonic()
        if self._stepped_over_since is None:
            self._stepped_over_since = now
        return now - self._stepped_over_since >= _STEP_OVER_S

    def _moved(self, **changes: int | bool | Attempt | None) -> Position:
        return msgspec.structs.replace(
            self.position,
            next={**self.position.next, self._topic: self.next_offset},
            **changes,
        )

    async def _write(self, rows: dict[str, list[Row]], position: Position) -> None:
        rows.setdefault(self._state_topic, []).append(
            Row(position.clock_ms, POSITION_KEY, encode_position(position), ())
        )
        await self._transactions.write(rows)
        self.position = position
        self._stepped_over_since = None
