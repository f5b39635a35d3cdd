"""Which records to be careful with after a process ended without closing. Pure.

A record can end every process that reads it in turn, past any ``except``: a crash in a
C library, memory gone. So the position tells whether somebody is at work, and who comes
after an unclean end makes notes:

1. Turns are as ever, each after a note of where it starts, until past all that the
   fatal turn can have held. (After a plain kill that is all there is to it: one small
   transaction, then a note in each of the next few that are committed anyway.)
2. Ended again at a place that was noted: record by record, one partition at a time,
   each after a note of its very place, until past the same.
3. Ended again at the very same record: it is tried alone once more. Whoever goes record
   by record has a note about one of them most of the time, so that a plain kill finds
   one too; without this, the third kill in a minute would cost a record that is fine.
4. Ended once more at it, the first thing that was tried: it is rejected unread, before
   any other.

So one deadly record ends four processes at most, two of them when it was alone, however
records fall into turns, and whatever comes meanwhile in another input.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from workers.delivery.position import Attempt
from workers.delivery.records import Record

_TURN: Final = 1
_SINGLE: Final = 2
_AGAIN: Final = 3


class Care(Struct, frozen=True):
    """How to go on after an unclean end."""

    until: dict[str, int]
    """From these offsets on all is as ever, for each input that is not there yet."""
    single: bool = False
    """Whether to go record by record."""
    accused: tuple[str, int] | None = None
    """Kafka topic and offset of the record that a process ended at, trying it alone."""
    suspect: tuple[str, int] | None = None
    """The same of the record that is not to be read: two processes did."""


def care_after(
    attempt: Attempt | None, next_offsets: Mapping[str, int], turn_records: int
) -> Care:
    """Return the care due after an unclean end.

    Args:
        attempt: The note in the position, if any.
        next_offsets: Where the partition stands in each input.
        turn_records: How many records of an input a turn can hold at most.
    """
    until = {topic: offset + turn_records for topic, offset in next_offsets.items()}
    if attempt is None or next_offsets.get(attempt.topic) != attempt.offset:
        return Care(until)
    place = attempt.topic, attempt.offset
    return Care(
        until,
        single=True,
        accused=place if attempt.count == _SINGLE else None,
        suspect=place if attempt.count >= _AGAIN else None,
    )


def attempt_at(
    care: Care, next_offsets: Mapping[str, int], first: Record | None
) -> Attempt | None:
    """Return what to note of a turn before it is tried.

    Args:
        care: The care due.
        next_offsets: Where the turn starts in each input.
        first: The first record of the turn, None if that is not known or there is none.
    """
    if not care.single:
        # Any place will do: what counts is that it is where the position stands.
        topic, offset = next(iter(next_offsets.items()))
        return Attempt(topic, offset, _TURN)
    if first is None:
        return None
    again = care.accused == (first.topic, first.offset)
    return Attempt(first.topic, first.offset, _AGAIN if again else _SINGLE)


def is_suspect(care: Care | None, first: Record | None) -> bool:
    """Tell whether the first record of a turn is not to be read."""
    if care is None or care.suspect is None or first is None:
        return False
    return care.suspect == (first.topic, first.offset)


def care_past(care: Care, next_offsets: Mapping[str, int]) -> Care | None:
    """Return the care due after a turn that was committed up to these offsets."""
    until = {
        topic: offset
        for topic, offset in care.until.items()
        if next_offsets[topic] < offset
    }
    return replace(care, until=until, suspect=None) if until else None


def care_at_end(care: Care, ended: Iterable[str]) -> Care | None:
    """Return the care due when inputs are read to their ends, so past the fatal turn.

    What comes next in them was not in it.
    """
    ended = set(ended)
    until = {
        topic: offset for topic, offset in care.until.items() if topic not in ended
    }
    if not until:
        return None
    gone = care.suspect is not None and care.suspect[0] in ended
    return replace(care, until=until, suspect=None if gone else care.suspect)
