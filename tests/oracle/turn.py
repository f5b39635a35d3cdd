"""One turn, decided a second time and in the plainest way.

A second hand's version of `workers.delivery.decide`, from what that one documents:
dicts and lists, the earliest deadline looked up among all of them each time. So a fault
in how turns are decided does not vouch for itself; the agent's rules are the same.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from workers.delivery.position import POSITION_KEY
from workers.delivery.records import Output, Record
from workers.delivery.rules import Decision, RefusedError, Rules
from workers.delivery.sizes import MAX_OUTPUT_BYTES, size_bytes
from workers.delivery.unreadable import fault_of

_LONGEST_ERROR = 500


class Decided(NamedTuple):
    """What a turn has to leave on Kafka."""

    outputs: list[tuple[int, Output]]
    changes: dict[bytes, Any]
    """None: a tombstone."""
    clock_ms: int


class States:
    """What the rules know, by key, and when each key wants to be woken."""

    def __init__(self, rules: Rules[Any]) -> None:
        self.rules = rules
        self.states: dict[bytes, Any] = {}
        self.deadlines: dict[bytes, int] = {}

    def set(self, key: bytes, state: Any) -> None:
        """Take over a state; None ends the key."""
        self.states.pop(key, None)
        self.deadlines.pop(key, None)
        if state is not None:
            self.states[key] = state
            deadline_ms = self.rules.deadline_ms(state)
            if deadline_ms is not None:
                self.deadlines[key] = deadline_ms

    def earliest(self) -> tuple[int, bytes] | None:
        """Return the next deadline and its key."""
        return min(((at, key) for key, at in self.deadlines.items()), default=None)


def in_order(inputs: Iterable[list[Record]]) -> list[Record]:
    """Return the records of several inputs in the order in which they are decided.

    The next record of each input is looked at; the earliest time goes first, of equal
    ones the input that is named first.
    """
    waiting = [list(reversed(records)) for records in inputs]
    ordered = []
    while any(waiting):
        first = min(
            (records for records in waiting if records),
            key=lambda records: records[-1].timestamp_ms,
        )
        ordered.append(first.pop())
    return ordered


def decide_again(
    known: States,
    records: list[Record],
    before_ms: int,
    after_ms: int,
    *,
    caught_up: bool,
    unread: bool,
) -> Decided:
    """Decide a turn, and leave *known* as it is after it.

    Args:
        known: The states before.
        records: In the order of decision.
        before_ms: The clock of the position before.
        after_ms: The clock of the position after; the wall cannot have been earlier.
        caught_up: From the position after.
        unread: Whether the first record was rejected unread.
    """
    turn = _Turn(known, before_ms, max(before_ms, after_ms), caught_up=caught_up)
    for index, record in enumerate(records):
        if index == 0 and unread:
            turn.listen(record)
            why = "processes ended while it was decided"
            turn.reject(record, "quarantined", why)
        elif not known.rules.skip(record):
            turn.listen(record)
            turn.hear(record)
    turn.end()
    changes = {
        key: known.states.get(key)
        for key, before in turn.before.items()
        if before is not None or key in known.states
    }
    return Decided(turn.outputs, changes, turn.clock_ms)


class _Turn:
    def __init__(
        self, known: States, before_ms: int, wall_ms: int, *, caught_up: bool
    ) -> None:
        self.known = known
        self.rules = known.rules
        self.wall_ms = wall_ms
        self.caught_up = caught_up
        self.clock_ms = self.heard_ms = before_ms
        self.outputs: list[tuple[int, Output]] = []
        self.before: dict[bytes, Any] = {}
        """The state that each changed key had before the turn."""
        self.heard_any = False

    def listen(self, record: Record) -> None:
        self.heard_any = True
        self.heard_ms = max(self.heard_ms, min(record.timestamp_ms, self.wall_ms))
        self.wake(self.heard_ms)
        self.clock_ms = self.wall_ms if self.caught_up else self.heard_ms

    def hear(self, record: Record) -> None:
        key = record.key
        if key == POSITION_KEY:
            self.reject(record, "reserved_key", "this key is the position's own")
            return
        if (fault := fault_of(record.headers)) is not None:
            self.reject(record, fault.reason, fault.error)
            return
        state = None if key is None else self.known.states.get(key)
        try:
            decision = self.rules.on_record(state, record, self.clock_ms)
        except RefusedError as error:
            self.reject(record, error.reason, error.error)
            return
        except Exception as error:  # noqa: BLE001  # as the worker does
            self.reject(record, "failed", f"{type(error).__name__}: {error}")
            return
        for output in decision.outputs:
            size = size_bytes(output)
            if size > MAX_OUTPUT_BYTES:
                why = f"{size} bytes for {output.topic}, at most {MAX_OUTPUT_BYTES}"
                self.reject(record, "output_too_large", why)
                return
        self.take(key, state, decision)

    def wake(self, until_ms: int) -> None:
        while (first := self.known.earliest()) is not None and first[0] <= until_ms:
            at_ms, key = first
            state = self.known.states[key]
            late_ms = max(self.clock_ms, at_ms)
            self.clock_ms = self.wall_ms if self.caught_up else late_ms
            self.take(key, state, self.rules.on_deadline(key, state, self.clock_ms))

    def end(self) -> None:
        self.wake(self.wall_ms if self.caught_up else self.heard_ms)
        if self.caught_up and self.heard_any:
            self.clock_ms = self.wall_ms

    def take(self, key: bytes | None, state: Any, decision: Decision[Any]) -> None:
        self.outputs += [(self.clock_ms, output) for output in decision.outputs]
        if key is not None and decision.state is not state:
            self.before.setdefault(key, state)
            self.known.set(key, decision.state)

    def reject(self, record: Record, reason: str, error: str) -> None:
        text = error[:_LONGEST_ERROR]
        output = self.rules.rejected(record, reason, text, self.clock_ms)
        self.outputs.append((self.clock_ms, output))


def encoded(rules: Rules[Any], changes: Mapping[bytes, Any]) -> dict[bytes, Any]:
    """Return changed states as they are written."""
    return {
        key: None if state is None else rules.encode_state(state)
        for key, state in changes.items()
    }
