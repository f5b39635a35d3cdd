"""What is on the outputs beside what the rules decide, record by record."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from tests.oracle.dump import Dump, Entry
from tests.oracle.fates import Transaction, fates, numbered
from tests.oracle.replay import Expected, Replayed
from tests.oracle.violations import Violation, found
from tests.oracle.watched import Watched

_FIELDS = ("time", "key", "value", "headers")


class _Row(NamedTuple):
    """What a client sees of an output, but for its offset."""

    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]


class _Is(NamedTuple):
    row: _Row
    offset: int
    transaction: Transaction


def compare(
    dump: Dump, watched: Watched, replayed: Mapping[int, Replayed]
) -> Iterator[Violation]:
    """Compare all outputs of an agent, as committed, with what was decided again."""
    numbers = numbered(dump)
    for topic in watched.outputs:
        rows = {
            number: [
                _Is(_seen(entry), entry.offset, transaction)
                for entry, transaction in fates(log).committed
                if watched.is_own(entry)
            ]
            for number, log in enumerate(dump.logs[topic])
        }
        ought = {number: each.expected[topic] for number, each in replayed.items()}
        yield from _compare(topic, rows, ought)
        for number, each in replayed.items():
            its, want = rows[number], ought[number]
            if [is_.row for is_ in its] != [_row(one) for one in want]:
                continue  # said above; whose transaction would it be?
            positions = [
                numbers.get((watched.state, number, one.end_offset))
                for one in each.turns
            ]
            place = (topic, number)
            yield from _torn(place, its, want, positions.__getitem__, numbers)


def _seen(entry: Entry) -> _Row:
    return _Row(entry.timestamp_ms, entry.key, entry.value, entry.headers)


def _row(expected: Expected) -> _Row:
    return _Row(*expected[:4])


def _compare(
    topic: str, rows: Mapping[int, list[_Is]], ought: Mapping[int, list[Expected]]
) -> Iterator[Violation]:
    missing: dict[int, Counter[_Row]] = {}
    extra: dict[int, Counter[_Row]] = {}
    for number, is_ in rows.items():
        have = Counter(each.row for each in is_)
        want = Counter(map(_row, ought[number]))
        missing[number], extra[number] = want - have, have - want
        if have == want:
            yield from _order(f"{topic}-{number}", is_, ought[number])
    for number, is_ in rows.items():
        wanted = set(map(_row, ought[number]))
        for each in is_:
            if extra[number][each.row]:
                extra[number][each.row] -= 1
                yield _extra((topic, number), each, wanted, missing)
    for number, rest in missing.items():
        for row, count in rest.items():
            if count:
                yield found("lost", f"{topic}-{number}", f"{count} of {row}")


def _extra(
    place: tuple[str, int],
    is_: _Is,
    wanted: AbstractSet[_Row],
    missing: Mapping[int, Counter[_Row]],
) -> Violation:
    """Name an output that should not be there, and what it stands for if it does."""
    topic, number = place
    where, what = f"{topic}-{number}", f"offset {is_.offset}: {is_.row}"
    if is_.row in wanted:
        return found("doubled", where, what)
    kin = _kin(is_.row, missing[number])
    if kin is not None:
        missing[number][kin] -= 1
        pairs = zip(_FIELDS, is_.row, kin, strict=True)
        name = next(name for name, one, other in pairs if one != other)
        return found("altered", where, f"{name} at {what}, expected {kin}")
    home = next((other for other, rest in missing.items() if rest[is_.row]), None)
    if home is not None:
        missing[home][is_.row] -= 1
        return found("wrong_partition", where, f"{what} belongs to {home}")
    return found("phantom", where, what)


def _kin(row: _Row, missing: Counter[_Row]) -> _Row | None:
    """Return a missing output that differs in one field only."""
    for one, count in missing.items():
        same = sum(a == b for a, b in zip(one, row, strict=True))
        if count and same == len(_FIELDS) - 1:
            return one
    return None


def _order(where: str, rows: list[_Is], ought: list[Expected]) -> Iterator[Violation]:
    for is_, one in zip(rows, ought, strict=True):
        if is_.row != _row(one):
            what = f"offset {is_.offset}: {is_.row}, expected {_row(one)}"
            yield found("out_of_order", where, what)
            return


def _torn(
    where: tuple[str, int],
    rows: list[_Is],
    ought: list[Expected],
    position_of: Callable[[int], int | None],
    numbers: Mapping[tuple[str, int, int], int],
) -> Iterator[Violation]:
    """Insist that a turn's outputs are in the transaction of its position."""
    for is_, one in zip(rows, ought, strict=True):
        own = numbers.get((*where, is_.transaction.end_offset))
        position = position_of(one.turn)
        if own is None or own != position:
            what = (
                f"offset {is_.offset} is in transaction {own} of the coordinator's "
                f"book, the position of its turn in {position}"
            )
            yield found("torn", f"{where[0]}-{where[1]}", what)
