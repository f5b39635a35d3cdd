"""A partition's turns, decided again one by one, beside what the worker committed.

The state topic tells the turns: each position ends one, and the states before it in the
log are what the turn has changed. What the outputs have to be is collected here and
compared in `tests.oracle.outputs`.
"""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from tests.oracle.dump import Dump, Log
from tests.oracle.fates import Transaction, fates
from tests.oracle.turn import States, decide_again, encoded, in_order
from tests.oracle.violations import Violation, found
from tests.oracle.watched import Watched
from workers.delivery.position import POSITION_KEY, Position, decode_position
from workers.delivery.records import Record


class Expected(NamedTuple):
    """One output as it has to be, and the turn it is of."""

    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    turn: int


class Replayed(NamedTuple):
    """A partition decided again."""

    expected: dict[str, list[Expected]]
    """By Kafka topic, in order."""
    turns: list[Transaction]
    """The transaction of each turn, as its position tells."""
    next_offsets: dict[str, int]
    violations: list[Violation]


def replay(dump: Dump, watched: Watched, number: int) -> Replayed:
    """Decide all turns of a partition again."""
    state_log = dump.logs[watched.state][number]
    where = f"{watched.state}-{number}"
    inputs = {topic: dump.logs[topic][number] for topic in watched.inputs}
    quarantined = _quarantined(dump, watched, number)
    records = {topic: _records(log) for topic, log in inputs.items()}
    known = States(watched.rules)
    expected: dict[str, list[Expected]] = {topic: [] for topic in watched.outputs}
    turns: list[Transaction] = []
    violations: list[Violation] = []
    at: dict[str, int] = {}
    before = Position()
    written: dict[bytes, bytes | None] = {}
    owner: Transaction | None = None
    for entry, transaction in fates(state_log).committed:
        if written and owner != transaction:
            what = f"offset {entry.offset}: states of {owner} and no position in it"
            violations.append(found("torn", where, what))
        owner = transaction
        if entry.key != POSITION_KEY:
            written[entry.key or b""] = entry.value
            continue
        position = decode_position(entry.value or b"")
        turn = []
        for topic, log in inputs.items():
            start = at.get(topic, log.start)
            end = position.next.get(topic, start)
            place = f"{where} offset {entry.offset}: {topic} from {start} to {end}"
            if end < start:
                violations.append(found("position_back", where, place))
            if end > log.end:
                what = f"{place}, which ends at {log.end}"
                violations.append(found("position_past_end", where, what))
            turn.append(_upto(records[topic], end))
            at[topic] = max(end, start)
        ordered = in_order(turn)
        first = ordered[0] if ordered else None
        decided = decide_again(
            known,
            ordered,
            before.clock_ms,
            position.clock_ms,
            caught_up=position.caught_up,
            unread=first is not None and (first.topic, first.offset) in quarantined,
        )
        if decided.clock_ms != position.clock_ms:
            what = f"offset {entry.offset}: {position.clock_ms}, not {decided.clock_ms}"
            violations.append(found("clock", where, what))
        changes = encoded(watched.rules, decided.changes)
        violations += _states(where, entry.offset, written, changes)
        for time_ms, output in decided.outputs:
            row = Expected(
                time_ms, output.key, output.value, output.headers, len(turns)
            )
            expected.setdefault(output.topic, []).append(row)
        turns.append(transaction)
        before, written = position, {}
    if written:
        what = f"keys {list(written)[:3]} at the end"
        violations.append(found("state_unplaced", where, what))
    return Replayed(expected, turns, at, violations)


def _upto(records: deque[Record], end: int) -> list[Record]:
    """Take out the records before an offset."""
    taken = []
    while records and records[0].offset < end:
        taken.append(records.popleft())
    return taken


def _records(log: Log) -> deque[Record]:
    """Return the committed records of an input, in order."""
    known = fates(log)
    entries = [entry for entry, _ in known.committed] + list(known.plain)
    return deque(
        Record(
            log.topic,
            log.partition,
            entry.offset,
            entry.timestamp_ms,
            entry.key,
            entry.value,
            entry.headers,
        )
        for entry in sorted(entries, key=lambda entry: entry.offset)
    )


def _quarantined(dump: Dump, watched: Watched, number: int) -> set[tuple[str, int]]:
    marks = [
        watched.marks(entry)
        for entry, _ in fates(dump.logs[watched.rejected][number]).committed
        if watched.is_own(entry)
    ]
    return {(mark.topic, mark.offset) for mark in marks if mark.reason == "quarantined"}


def _states(
    where: str,
    offset: int,
    written: dict[bytes, bytes | None],
    changes: dict[bytes, bytes | None],
) -> Iterator[Violation]:
    """Compare the states of one turn."""
    for key in sorted(written.keys() | changes.keys()):
        is_, ought = written.get(key), changes.get(key)
        what = f"key {key!r} before offset {offset}: {is_!r}, not {ought!r}"
        if key not in written:
            kind = "state_kept" if ought is None else "state_lost"
        elif key not in changes:
            kind = "state_phantom"
        elif is_ == ought:
            continue
        else:
            kind = "state_kept" if ought is None else "state_altered"
        yield found(kind, where, what)
