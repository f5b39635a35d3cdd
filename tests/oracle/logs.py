"""What can be told from logs alone: fences, markers and what readers get."""

from collections.abc import Iterator

from tests.oracle.dump import Dump, Log
from tests.oracle.fates import Fates, fates
from tests.oracle.violations import Violation, found
from tests.oracle.watched import Watched


def check_logs(dump: Dump, watched: Watched) -> Iterator[Violation]:
    """Look at all logs that the agent writes."""
    for topic in (*watched.outputs, watched.state):
        for log in dump.logs[topic]:
            known = fates(log)
            yield from _transactions(log, known, watched)
            yield from _readers(log, known)
    for number in range(len(dump.logs[watched.state])):
        yield from _writers(dump, watched, number)


def _transactions(log: Log, known: Fates, watched: Watched) -> Iterator[Violation]:
    where = f"{log.topic}-{log.partition}"
    if log.stable_end < log.end or known.open:
        what = f"readers stop at {log.stable_end}, the log ends at {log.end}"
        yield found("hanging", where, what)
    own = [entry for entry in known.plain if watched.is_own(entry)]
    if own:
        what = f"offset {own[0].offset}, {len(own)} in all"
        yield found("outside_transaction", where, what)


def _readers(log: Log, known: Fates) -> Iterator[Violation]:
    """Compare what readers get with what the markers tell."""
    where = f"{log.topic}-{log.partition}"
    aborted = {entry.offset for entry in known.aborted}
    committed = {entry.offset for entry, _ in known.committed}
    committed |= {entry.offset for entry in known.plain}
    wrong = [offset for offset in log.seen if offset in aborted]
    if wrong:
        yield found("aborted_read", where, f"offsets {wrong[:5]}, {len(wrong)} in all")
    unread = sorted(committed - set(log.seen))
    if unread and log.stable_end == log.end:
        what = f"offsets {unread[:5]}, {len(unread)} in all"
        yield found("committed_unread", where, what)


def _writers(dump: Dump, watched: Watched, number: int) -> Iterator[Violation]:
    """Insist on one producer a partition number, whose epoch only grows."""
    writer: int | None = None
    for topic in (watched.state, *watched.outputs):
        where, epoch = f"{topic}-{number}", -1
        for entry, by in fates(dump.logs[topic][number]).committed:
            if not watched.is_own(entry):
                continue
            if writer is None:
                writer = by.producer_id
            if by.producer_id != writer:
                what = f"offset {entry.offset}: {by}, the writer is {writer}"
                yield found("stranger", where, what)
                return
            if by.epoch < epoch:
                what = f"offset {entry.offset}: epoch {by.epoch} after {epoch}"
                yield found("zombie", where, what)
                break
            epoch = by.epoch
