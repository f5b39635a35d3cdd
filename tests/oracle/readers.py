"""What was seen while the run was on: by readers of outputs, and of group offsets."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from tests.oracle.dump import Dump
from tests.oracle.evidence import Place
from tests.oracle.fates import fates
from tests.oracle.violations import Violation, found


def check_readers(
    dump: Dump, read: Mapping[Place, Sequence[int]]
) -> Iterator[Violation]:
    """Insist that a reader saw each committed record once, in order.

    Args:
        dump: Of after the run.
        read: Offsets in the order in which the reader got them, from a log's start on.
    """
    for (topic, number), offsets in read.items():
        where = f"{topic}-{number}"
        known = fates(dump.logs[topic][number])
        committed = [entry.offset for entry, _ in known.committed]
        committed += [entry.offset for entry in known.plain]
        for one, other in pairwise(offsets):
            if other <= one:
                yield found("reader_back", where, f"offset {other} after {one}")
                break
        wrong = sorted(set(offsets) - set(committed))
        if wrong:
            yield found("reader_aborted", where, f"offsets {wrong[:5]}")
        upto = max(offsets, default=-1)
        missed = sorted({each for each in committed if each <= upto} - set(offsets))
        if missed:
            yield found("reader_gap", where, f"offsets {missed[:5]}")


def check_group(
    told: Mapping[Place, Sequence[int]], positions: Mapping[Place, int]
) -> Iterator[Violation]:
    """Insist that the group's offset never goes back, nor past the position.

    Args:
        told: Offsets of the group in the order in which they were asked for.
        positions: Where the agent stood at the end.
    """
    for place, offsets in told.items():
        where = f"{place[0]}-{place[1]}"
        for one, other in pairwise(offsets):
            if other < one:
                yield found("group_back", where, f"{other} after {one}")
                break
        if offsets and offsets[-1] > positions.get(place, 0):
            what = f"{offsets[-1]}, the position is {positions.get(place, 0)}"
            yield found("group_ahead", where, what)
