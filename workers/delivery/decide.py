"""One partition's turn, decided: records and time in, outputs and new states out. Pure.

Time in a turn
    A turn has records, the wall time at which Kafka last answered, and whether that
    answer left nothing to read ("caught up").

    *What was heard* moves with the records: the greatest of the clock and each record's
    Kafka timestamp, never past the wall. A deadline that falls due before a record is
    decided before it only if it is due by what was heard. So a silence is the
    speaker's, not ours: however late we are, a record that came in time is in time.

    *Now*, which the rules see, is what was heard while a backlog remains, and a due
    deadline's own time if that is later. Once caught up it is the wall for the whole
    turn, so that a producer with a slow clock does not live in the past; and at the end
    of such a turn the silence up to the wall counts as heard.

What follows from it, and is tested
    In a backlog, or while the wall stands, any cutting of the same records into turns
    gives the same bytes. Keys do not see each other. Now never runs backwards.

Across inputs
    All of this holds of records in their order of decision, from whichever input they
    are. In a backlog that order is one of the logs alone (`workers.delivery.inbox`), so
    the bytes depend neither on turns nor on fetches. Caught up, it is also one of
    arrival: what comes first in one input is decided first. The positions tell it.
"""

from collections.abc import Generator, Sequence
from heapq import heappop, heappush
from typing import Final, Generic, NamedTuple, TypeVar

from workers.delivery.exits import DeliveryError
from workers.delivery.position import POSITION_KEY
from workers.delivery.records import Record, Rejection, TimedOutput
from workers.delivery.rules import Decision, RefusedError, Rules
from workers.delivery.sizes import MAX_OUTPUT_BYTES, size_bytes
from workers.delivery.store import View
from workers.delivery.unreadable import fault_of

S = TypeVar("S")

_MAX_ERROR_LENGTH: Final = 500
_STEP: Final = 8
"""Records from one pause to the next."""


class BrokenRulesError(DeliveryError):
    """The rules did what no input excuses; the process ends."""


class OutputTooLargeError(BrokenRulesError):
    """An output no broker would take."""


class Work(NamedTuple, Generic[S]):
    """One partition's share of a turn."""

    partition: int
    store: View[S]
    records: Sequence[Record]
    """In the order of decision, which in each input is that of its offsets."""
    clock_ms: int
    """Where the partition's time stands, from its position."""
    wall_ms: int
    """When Kafka last answered for this partition."""
    caught_up: bool
    """Whether nothing was left to read then."""
    quarantined: bool = False
    """The first record is not to be read: it has ended too many processes."""


class Decided(NamedTuple, Generic[S]):
    """What a transaction is to hold."""

    outputs: tuple[TimedOutput, ...]
    changes: dict[bytes, S | None]
    """The new state of each key that changed; None where it ended."""
    clock_ms: int
    rejections: tuple[Rejection, ...]
    decided: int
    """Records the rules saw, or would have seen but for quarantine."""
    skipped: int
    notes: dict[str, int]
    """How often the rules noted what."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened: at most skipped records to step over."""
        return not (self.decided or self.outputs or self.changes)


def decide(rules: Rules[S], work: Work[S]) -> Decided[S]:
    """Decide one partition's turn.

    Raises:
        BrokenRulesError: the rules broke their contract.
        Exception: whatever `Rules.on_deadline` raises; both end the process.
    """
    steps = decide_by_steps(rules, work)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            decided: Decided[S] = end.value
            return decided


def decide_by_steps(
    rules: Rules[S], work: Work[S]
) -> Generator[None, None, Decided[S]]:
    """Decide as `decide` does, and pause after every few records.

    What is decided does not depend on what happens in the pauses, as long as the
    partition's store stays as it is.
    """
    turn = _Turn(rules, work)
    for index, record in enumerate(work.records):
        if index % _STEP == _STEP - 1:
            yield
        if index == 0 and work.quarantined:
            turn.quarantine(record)
        elif rules.skip(record):
            turn.skipped += 1
        else:
            turn.hear(record)
    turn.end()
    return turn.result()


class _Turn(Generic[S]):
    """A turn being decided: the store below, and above it what has changed so far."""

    def __init__(self, rules: Rules[S], work: Work[S]) -> None:
        self.rules = rules
        self.store = work.store
        self.wall_ms = work.wall_ms
        self.caught_up = work.caught_up
        self.latest_ms = max(work.clock_ms, work.wall_ms)
        self.clock_ms = work.clock_ms
        self.heard_ms = work.clock_ms
        self.changes: dict[bytes, S | None] = {}
        self.deadlines: dict[bytes, int | None] = {}
        self.outputs: list[TimedOutput] = []
        self.rejections: list[Rejection] = []
        self.decided = 0
        self.skipped = 0
        self.notes: dict[str, int] = {}
        self.horizon_ms = self._horizon_ms(work)
        self.due = self.store.due(self.horizon_ms)

    def _horizon_ms(self, work: Work[S]) -> int:
        """Return a time that nothing in this turn is later than."""
        if work.caught_up or not work.records:
            return self.latest_ms
        newest_ms = max([record.timestamp_ms for record in work.records])
        return max(work.clock_ms, min(newest_ms, work.wall_ms))

    def hear(self, record: Record) -> None:
        """Decide about one record, after the deadlines it was too late for."""
        self.decided += 1
        self._listen(record)
        if record.key == POSITION_KEY:
            self._reject(record, "reserved_key", "this key is the position's own")
            return
        if record.headers and (fault := fault_of(record.headers)) is not None:
            self._reject(record, fault.reason, fault.error)
            return
        before = None if record.key is None else self._state(record.key)
        try:
            decision = self.rules.on_record(before, record, self.clock_ms)
            self._check_outputs(decision)
            deadline = self._deadline_of(decision.state)
        except MemoryError:
            raise
        except RefusedError as refused:
            self._reject(record, refused.reason, refused.error)
        except OutputTooLargeError as large:
            self._reject(record, "output_too_large", str(large))
        except Exception as error:  # noqa: BLE001  # a step may raise anything at all
            self._reject(record, "failed", f"{type(error).__name__}: {error}")
        else:
            if record.key is not None:
                self._take(record.key, before, decision, deadline)
            elif decision.state is not None:
                raise BrokenRulesError("a state was returned for a record without key")
            else:
                self._tell(decision)

    def quarantine(self, record: Record) -> None:
        """Reject a record without letting the rules see it."""
        self.decided += 1
        self._listen(record)
        self._reject(record, "quarantined", "processes ended while it was decided")

    def end(self) -> None:
        """Decide what silence has brought about."""
        if not self.caught_up:
            self._fire(self.heard_ms)
            return
        self._fire(self.latest_ms)
        if self.decided:
            self.clock_ms = self.latest_ms

    def result(self) -> Decided[S]:
        """Return what was decided; keys that came and went leave nothing."""
        changes = {
            key: state
            for key, state in self.changes.items()
            if state is not None or self.store.get(key) is not None
        }
        return Decided(
            tuple(self.outputs),
            changes,
            self.clock_ms,
            tuple(self.rejections),
            self.decided,
            self.skipped,
            self.notes,
        )

    def _listen(self, record: Record) -> None:
        heard_ms = record.timestamp_ms
        if heard_ms > self.wall_ms:  # noqa: PLR1730  # a call costs three times as much
            heard_ms = self.wall_ms
        if heard_ms > self.heard_ms:  # noqa: PLR1730  # the same
            self.heard_ms = heard_ms
        if self.due:
            self._fire(self.heard_ms)
        self.clock_ms = self.latest_ms if self.caught_up else self.heard_ms

    def _fire(self, until_ms: int) -> None:
        """Decide at the deadlines up to and with *until_ms*, in (time, key) order."""
        while self.due and self.due[0][0] <= until_ms:
            deadline, key = heappop(self.due)
            state = self._state(key)
            if state is None or self._deadline_ms(key) != deadline:
                continue  # moved or ended since
            now_ms = self.latest_ms if self.caught_up else max(self.clock_ms, deadline)
            self.clock_ms = now_ms
            decision = self.rules.on_deadline(key, state, now_ms)
            self._check_outputs(decision)
            later = self._deadline_of(decision.state)
            if later is not None and later <= deadline:
                raise BrokenRulesError(f"on_deadline left {deadline} at {later}")
            self._take(key, state, decision, later)

    def _take(
        self, key: bytes, before: S | None, decision: Decision[S], deadline: int | None
    ) -> None:
        if decision.outputs or decision.notes:
            self._tell(decision)
        state = decision.state
        if state is before:
            return
        self.changes[key] = state
        self.deadlines[key] = deadline
        if deadline is not None and deadline <= self.horizon_ms:
            heappush(self.due, (deadline, key))

    def _tell(self, decision: Decision[S]) -> None:
        for note in decision.notes:
            self.notes[note] = self.notes.get(note, 0) + 1
        for output in decision.outputs:
            self.outputs.append(TimedOutput(self.clock_ms, output))

    def _reject(self, record: Record, reason: str, error: str) -> None:
        error = error[:_MAX_ERROR_LENGTH]
        output = self.rules.rejected(record, reason, error, self.clock_ms)
        self._check_outputs(Decision(None, (output,)))
        self.outputs.append(TimedOutput(self.clock_ms, output))
        self.rejections.append(
            Rejection(record.topic, record.partition, record.offset, reason, error)
        )

    def _check_outputs(self, decision: Decision[S]) -> None:
        for output in decision.outputs:
            size = size_bytes(output)
            if size > MAX_OUTPUT_BYTES:
                raise OutputTooLargeError(
                    f"{size} bytes for {output.topic}, at most {MAX_OUTPUT_BYTES}"
                )

    def _state(self, key: bytes) -> S | None:
        return self.changes[key] if key in self.changes else self.store.get(key)

    def _deadline_ms(self, key: bytes) -> int | None:
        if key in self.deadlines:
            return self.deadlines[key]
        return self.store.deadline_ms(key)

    def _deadline_of(self, state: S | None) -> int | None:
        return None if state is None else self.rules.deadline_ms(state)
