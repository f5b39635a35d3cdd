"""Which records to be careful with after a process ended without closing. Pure.

A record can end every process that reads it in turn, past any ``except``: a crash in a
C library, memory gone. So the position tells whether somebody is at work, and who comes
after an unclean end makes notes:

1. Turns are as ever, each after a note of where it starts, until past all that the
   fatal turn can have held. (After a plain kill that is all there is to it: one small
   transaction, then a note in each of the next few that are committed anyway.)
2. Ended again at a place that was noted: record by record, one partition at a time,
   each with its note, until past the same.
3. Ended again at the very same record: it is rejected unread.

So one deadly record ends three processes at most, however records fall into turns.
"""

from typing import Final

from msgspec import Struct

from workers.delivery.position import Attempt

_SINGLE: Final = 2
_QUARANTINE: Final = 3


class Care(Struct, frozen=True):
    """How to go on from the next record."""

    attempt: Attempt
    """What to note before the record is tried."""
    until_offset: int
    """From here on all is as ever."""
    noted: bool = False
    """Whether the note is committed already."""

    @property
    def single(self) -> bool:
        """Whether to go record by record."""
        return self.attempt.count >= _SINGLE

    @property
    def quarantine(self) -> bool:
        """Whether the next record is not to be read."""
        return self.attempt.count >= _QUARANTINE


def care_after(attempt: Attempt | None, next_offset: int, turn_records: int) -> Care:
    """Return the care due after an unclean end at *next_offset*.

    Args:
        attempt: The note in the position, if any.
        next_offset: Where the partition stands.
        turn_records: How many records a turn can hold at most.
    """
    again = attempt is not None and attempt.offset == next_offset
    count = attempt.count + 1 if attempt is not None and again else 1
    return Care(Attempt(next_offset, count), next_offset + turn_records)


def care_past(care: Care, next_offset: int) -> Care | None:
    """Return the care due after a turn that was committed up to *next_offset*.

    Its attempt is written in that same transaction, so it is noted already.
    """
    if next_offset >= care.until_offset:
        return None
    count = min(care.attempt.count, _SINGLE)
    return Care(Attempt(next_offset, count), care.until_offset, noted=True)


def care_at_end(care: Care, next_offset: int, turn_records: int) -> Care | None:
    """Return the care due when the log is read to its end, so past the fatal turn.

    What comes next was not in it. But a second attempt that is noted here already must
    not count against it: it has to be a first one again.
    """
    if not care.single:
        return None
    return Care(Attempt(next_offset, 1), next_offset + turn_records)
