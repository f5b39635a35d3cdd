"""Which record is not to be read, after a process ended without closing.

A record can end every process that decides it, past any ``except``: a crash in a C
library, memory gone, a loop without end. A process can also be killed from outside, at
any record. What is left on Kafka is the same: a position that says somebody is at work.
So nothing on Kafka, however often it is found there, says which of the two it was.

What tells them apart is who dies. After an unclean end a child process goes first
(`workers.delivery.rehearsal`), turn by turn until past all that the fatal turn can have
held. Whoever kills from outside kills us, and then nothing is said against any record;
a deadly record kills the child, and we live to say so:

1. A child dies in a turn: what it had decided before that record is a turn by itself.
2. A child dies at the record alone, and another that does not read it but does all the
   rest lives, and a third that reads it dies again: it is rejected unread.

So a deadly record ends one process, and no kill can make a record look like one, not
even a kill of the child.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct


class Care(Struct, frozen=True):
    """Until when a child process goes first.

    It is counted in records, and skipped ones do not count. Offsets would not do:
    between records there are markers of transactions, so a turn of a thousand records
    may span two thousand of them. And a position on Kafka may be behind the turn that
    was fatal, by records that were all skipped.
    """

    left: dict[str, int]
    """So many records yet, of each input of which there are any."""


def care_after(topics: Iterable[str], turn_records: int) -> Care:
    """Return the care due after an unclean end.

    Args:
        topics: The inputs.
        turn_records: How many records of an input a turn can hold at most.
    """
    return Care(dict.fromkeys(topics, turn_records))


def care_past(care: Care, decided: Mapping[str, int]) -> Care | None:
    """Return the care due after a turn was committed.

    Args:
        care: Due before.
        decided: How many records of each input were in it, skipped ones left out.
    """
    left = {
        topic: count - decided.get(topic, 0)
        for topic, count in care.left.items()
        if decided.get(topic, 0) < count
    }
    return Care(left) if left else None


def care_at_end(care: Care, ended: Iterable[str]) -> Care | None:
    """Return the care due when inputs are read to their ends, so past the fatal turn.

    What comes next in them was not in it.
    """
    ended = set(ended)
    left = {topic: count for topic, count in care.left.items() if topic not in ended}
    return Care(left) if left else None
