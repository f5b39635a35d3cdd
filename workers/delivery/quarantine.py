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
    """Until when a child process goes first."""

    until: dict[str, int]
    """From these offsets on all is as ever, for each input that is not there yet."""


def care_after(next_offsets: Mapping[str, int], turn_records: int) -> Care:
    """Return the care due after an unclean end.

    Args:
        next_offsets: Where the partition stands in each input.
        turn_records: How many records of an input a turn can hold at most.
    """
    return Care(
        {topic: offset + turn_records for topic, offset in next_offsets.items()}
    )


def care_past(care: Care, next_offsets: Mapping[str, int]) -> Care | None:
    """Return the care due after a turn that was committed up to these offsets."""
    until = {
        topic: offset
        for topic, offset in care.until.items()
        if next_offsets[topic] < offset
    }
    return Care(until) if until else None


def care_at_end(care: Care, ended: Iterable[str]) -> Care | None:
    """Return the care due when inputs are read to their ends, so past the fatal turn.

    What comes next in them was not in it.
    """
    ended = set(ended)
    until = {
        topic: offset for topic, offset in care.until.items() if topic not in ended
    }
    return Care(until) if until else None
