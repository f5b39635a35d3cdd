"""What became of each record of a log: committed, aborted or still open, and with whom.

Told by the log's own markers, as a broker tells it, but from the whole of it.
"""

from collections.abc import Iterator, Mapping
from itertools import chain, pairwise
from typing import NamedTuple

from tests.oracle.coordinator import Commit
from tests.oracle.dump import Dump, Entry, Log


class Transaction(NamedTuple):
    """One transaction as one log shows it."""

    producer_id: int
    epoch: int
    end_offset: int
    """Where its marker is."""


class Fates(NamedTuple):
    """The records of a log by their fate, each in the order of offsets."""

    committed: tuple[tuple[Entry, Transaction], ...]
    aborted: tuple[Entry, ...]
    open: tuple[Entry, ...]
    plain: tuple[Entry, ...]
    """Written outside of any transaction."""


def numbered(dump: Dump) -> dict[tuple[str, int, int], int]:
    """Return the number of each transaction in the coordinator's book.

    By Kafka topic, partition number and offset of the marker: so markers in different
    logs can be told to be of the same transaction.
    """
    entered: dict[tuple[str, int, int], list[tuple[int, int]]] = {}
    void = _void(dump)
    for number, commit in enumerate(dump.commits):
        if number in void:
            continue
        for topic, partition in commit.logs:
            place = topic, partition, commit.producer_id
            entered.setdefault(place, []).append((number, commit.timestamp_ms))
    numbers = {}
    for logs in dump.logs.values():
        for log in logs:
            for offset, number in _numbers(log, entered):
                numbers[log.topic, log.partition, offset] = number
    return numbers


def _void(dump: Dump) -> set[int]:
    """Return the entries in the book that ended nothing.

    A coordinator that starts anew while a log has no leader takes it for deleted, and
    gives it no marker. Then the transaction goes on: the next end is of all of it, and
    so the next entry is over all logs of the first, or it is aborted first by whoever
    takes the partition over.
    """
    marked: dict[tuple[str, int, int, str], list[int]] = {}
    for log in chain.from_iterable(dump.logs.values()):
        for end in log.ends:
            place = log.topic, log.partition, end.producer_id, end.marker
            marked.setdefault(place, []).append(end.timestamp_ms)
    by_producer: dict[int, list[int]] = {}
    for number, commit in enumerate(dump.commits):
        by_producer.setdefault(commit.producer_id, []).append(number)

    def has(marker: str, log: tuple[str, int], first: Commit, then: Commit) -> bool:
        times = marked.get((*log, first.producer_id, marker), ())
        return any(first.timestamp_ms <= at_ms <= then.timestamp_ms for at_ms in times)

    void = set()
    for one, following in chain.from_iterable(map(pairwise, by_producer.values())):
        first, then = dump.commits[one], dump.commits[following]
        known = [log for log in first.logs if log[0] in dump.logs]
        if not known or any(has("commit", log, first, then) for log in known):
            continue
        aborted = [has("abort", log, first, then) for log in known]
        goes_on = not any(aborted) and set(first.logs) <= set(then.logs)
        if all(aborted) or goes_on:
            void.add(one)
    return void


def _numbers(
    log: Log, entered: Mapping[tuple[str, int, int], list[tuple[int, int]]]
) -> Iterator[tuple[int, int]]:
    """Yield the markers of commits in a log, each with its number in the book.

    One marker follows each entry in the book, also where the log has no records of that
    transaction. A coordinator that starts anew may write a marker twice: the second has
    no entry of its own before it.
    """
    passed: dict[int, int] = {}
    for end in log.ends:
        if end.marker != "commit":
            continue
        book = entered.get((log.topic, log.partition, end.producer_id), [])
        at = passed.get(end.producer_id, -1)
        if at + 1 < len(book) and book[at + 1][1] <= end.timestamp_ms:
            at += 1
        passed[end.producer_id] = at
        if at >= 0:
            yield end.offset, book[at][0]


def fates(log: Log) -> Fates:
    """Tell the fate of each record."""
    waiting: dict[int, list[Entry]] = {}
    committed: list[tuple[Entry, Transaction]] = []
    aborted: list[Entry] = []
    plain: list[Entry] = []
    for each in sorted((*log.entries, *log.ends), key=lambda each: each.offset):
        if isinstance(each, Entry):
            if each.transactional:
                waiting.setdefault(each.producer_id, []).append(each)
            else:
                plain.append(each)
            continue
        ended = waiting.pop(each.producer_id, [])
        if each.marker == "abort":
            aborted += ended
            continue
        transaction = Transaction(each.producer_id, each.epoch, each.offset)
        committed += [(entry, transaction) for entry in ended]
    committed.sort(key=lambda pair: pair[0].offset)
    return Fates(
        tuple(committed),
        tuple(aborted),
        tuple(entry for entries in waiting.values() for entry in entries),
        tuple(plain),
    )
