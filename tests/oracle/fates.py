"""What became of each record of a log: committed, aborted or still open, and with whom.

Told by the log's own markers, as a broker tells it, but from the whole of it.
"""

from typing import NamedTuple

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
    entered: dict[tuple[str, int, int], list[int]] = {}
    for number, commit in enumerate(dump.commits):
        for topic, partition in commit.logs:
            place = topic, partition, commit.producer_id
            entered.setdefault(place, []).append(number)
    numbers = {}
    for logs in dump.logs.values():
        for log in logs:
            of_producer: dict[int, dict[int, None]] = {}
            for _, each in fates(log).committed:
                of_producer.setdefault(each.producer_id, {})[each.end_offset] = None
            for producer, offsets in of_producer.items():
                book = entered.get((log.topic, log.partition, producer), [])
                for offset, number in zip(sorted(offsets), book, strict=False):
                    numbers[log.topic, log.partition, offset] = number
    return numbers


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
