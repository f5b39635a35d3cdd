"""Rejected records beside what was sent: independent of any rule."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256

from tests.oracle.dump import Dump, Entry
from tests.oracle.fates import fates
from tests.oracle.violations import Violation, found
from tests.oracle.watched import Rejected, Sent, Watched

_OfOne = list[tuple[Entry, Rejected]]
_Rejections = defaultdict[tuple[str, int, int], _OfOne]


def check_rejected(
    dump: Dump, watched: Watched, sent: Iterable[Sent]
) -> Iterator[Violation]:
    """Insist that what cannot be used is rejected once as it came, and nothing else."""
    rejected: _Rejections = defaultdict(list)
    for log in dump.logs[watched.rejected]:
        for entry, _ in fates(log).committed:
            if watched.is_own(entry):
                mark = watched.marks(entry)
                place = mark.topic, log.partition, mark.offset
                rejected[place].append((entry, mark))
    by_rule = watched.by_rule
    for record in sent:
        of_it = rejected.pop((record.topic, record.partition, record.offset), [])
        if record.topic in watched.inputs:
            usable = [
                (entry, mark) for entry, mark in of_it if mark.reason not in by_rule
            ]
            yield from _of_one(record, usable)
    for topic, number, offset in rejected:
        what = f"offset {offset} was never sent"
        yield found("good_rejected", f"{topic}-{number}", what)


def _of_one(record: Sent, rejected: _OfOne) -> Iterator[Violation]:
    where, what = f"{record.topic}-{record.partition}", f"offset {record.offset}"
    if record.reason is None:
        if rejected:
            yield found("good_rejected", where, f"{what}: {rejected[0][1].reason}")
    elif not rejected:
        yield found("poison_passed", where, f"{what}: {record.reason}")
    elif len(rejected) > 1:
        yield found("poison_doubled", where, f"{what}: {len(rejected)} times")
    else:
        ((entry, mark),) = rejected
        if mark.reason != record.reason or not _same(entry, record):
            is_ = mark.reason, entry.key, entry.value
            yield found("poison_altered", where, f"{what}: {is_}, sent {record}")


def _same(entry: Entry, record: Sent) -> bool:
    hashes = dict(entry.headers)
    if "rejected_value_sha256" in hashes:
        whole = sha256(record.value or b"").hexdigest().encode()
        return hashes["rejected_value_sha256"] == whole
    return (entry.key, entry.value) == (record.key, record.value)
