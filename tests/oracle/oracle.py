"""The oracle: everything that is wrong with what a worker left on Kafka.

It trusts nobody: not the worker, whose turns it decides again, nor its own client
library, whose reading it compares with the markers of the logs, nor those, which it
compares with the coordinator's book.
"""

from collections.abc import Iterable

from tests.oracle.dump import Dump
from tests.oracle.evidence import Evidence
from tests.oracle.fates import fates
from tests.oracle.logs import check_logs
from tests.oracle.outputs import compare
from tests.oracle.readers import check_group, check_readers
from tests.oracle.replay import Replayed, replay
from tests.oracle.sending import check_rejected
from tests.oracle.violations import Violation, found
from tests.oracle.watched import Watched

MOST_OF_A_KIND = 3
"""One fault may show in a thousand records; the first few tell it."""


def examine(
    evidence: Evidence, watched: Watched, *, drained: bool = True
) -> list[Violation]:
    """Return what is wrong, at most three of a kind at a place.

    Args:
        evidence: Of the run.
        watched: The agent.
        drained: Whether all input must be decided.
    """
    dump = evidence.dump
    numbers = range(len(dump.logs[watched.state]))
    replayed = {number: replay(dump, watched, number) for number in numbers}
    violations = [*check_logs(dump, watched)]
    for number, each in replayed.items():
        violations += each.violations
        if drained:
            violations += _undecided(dump, watched, number, each)
    violations += compare(dump, watched, replayed)
    if evidence.sent:
        violations += check_rejected(dump, watched, evidence.sent)
    violations += check_readers(dump, evidence.read)
    violations += _group(evidence, watched, replayed.values())
    return _first_of_each(violations)


def _group(
    evidence: Evidence, watched: Watched, replayed: Iterable[Replayed]
) -> Iterable[Violation]:
    positions = {
        (topic, number): offset
        for number, each in enumerate(replayed)
        for topic, offset in each.next_offsets.items()
    }
    told = {
        (topic, number): [*evidence.told.get((topic, number), ()), offset]
        for topic, offsets in evidence.dump.groups.get(watched.group, {}).items()
        for number, offset in offsets.items()
        if topic in watched.inputs
    }
    return check_group(told, positions)


def _undecided(
    dump: Dump, watched: Watched, number: int, replayed: Replayed
) -> Iterable[Violation]:
    for topic in watched.inputs:
        known = fates(dump.logs[topic][number])
        entries = [*(entry for entry, _ in known.committed), *known.plain]
        last = max((entry.offset for entry in entries), default=-1)
        at = replayed.next_offsets.get(topic, 0)
        if last >= at:
            what = f"position {at}, the last record is {last}"
            yield found("undecided", f"{topic}-{number}", what)


def _first_of_each(violations: Iterable[Violation]) -> list[Violation]:
    counts: dict[tuple[str, str], int] = {}
    kept = []
    for each in violations:
        place = each.kind, each.where
        counts[place] = counts.get(place, 0) + 1
        if counts[place] <= MOST_OF_A_KIND:
            kept.append(each)
    return kept
