"""How one thing in the evidence of a good run is changed, and what it must be called.

A corruption takes the evidence, the agent and dice, changes one thing as a fault would,
and returns it with the kind of violation and the place that the oracle has to name.
"""

import random
from collections.abc import Callable
from typing import NamedTuple

from msgspec.structs import replace

from tests.oracle.dump import Dump, End, Entry, Log
from tests.oracle.evidence import Evidence
from tests.oracle.fates import fates
from tests.oracle.watched import Watched


class Corrupted(NamedTuple):
    """Evidence with one thing wrong in it."""

    evidence: Evidence
    kind: str
    where: str
    """The log, as in the violation."""


Corruption = Callable[[Evidence, Watched, random.Random], Corrupted]
KNOWN: dict[str, Corruption] = {}


def corruption(how: Corruption) -> Corruption:
    KNOWN[how.__name__.replace("_", " ")] = how
    return how


def log_of(evidence: Evidence, topic: str, dice: random.Random, least: int = 3) -> Log:
    """Choose a partition with at least so many records."""
    logs = [log for log in evidence.dump.logs[topic] if len(log.entries) >= least]
    return dice.choice(logs)


def any_of(log: Log, dice: random.Random) -> int:
    """Choose a committed record; return its place among the entries."""
    committed = {entry.offset for entry, _ in fates(log).committed}
    places = [at for at, each in enumerate(log.entries) if each.offset in committed]
    return dice.choice(places)


def with_log(evidence: Evidence, log: Log) -> Evidence:
    """Put a changed log into its place."""
    logs = evidence.dump.logs
    changed = tuple(
        log if old.partition == log.partition else old for old in logs[log.topic]
    )
    return evidence._replace(
        dump=replace(evidence.dump, logs={**logs, log.topic: changed})
    )


def changed(log: Log, at: int, **fields: object) -> Log:
    entries = list(log.entries)
    entries[at] = replace(entries[at], **fields)
    return replace(log, entries=tuple(entries))


def without(log: Log, at: int) -> Log:
    gone = log.entries[at]
    return replace(
        log,
        entries=(*log.entries[:at], *log.entries[at + 1 :]),
        seen=tuple(offset for offset in log.seen if offset != gone.offset),
    )


def appended(dump: Dump, log: Log, entry: Entry) -> tuple[Dump, Log]:
    """Add a transaction of this one record, by the same producer."""
    last = max(log.ends, key=lambda each: each.offset)
    entry = replace(
        entry,
        offset=log.end,
        producer_id=last.producer_id,
        epoch=last.epoch,
        transactional=True,
    )
    written_ms = last.timestamp_ms + 1
    end = End(log.end + 1, last.producer_id, last.epoch, "commit", written_ms)
    log = replace(
        log,
        entries=(*log.entries, entry),
        ends=(*log.ends, end),
        seen=(*log.seen, entry.offset),
        end=log.end + 2,
        stable_end=log.end + 2,
    )
    like = next(
        commit
        for commit in dump.commits
        if (log.topic, log.partition) in commit.logs
        and commit.producer_id == last.producer_id
    )
    commit = replace(like, logs=((log.topic, log.partition),), timestamp_ms=written_ms)
    return replace(dump, commits=(*dump.commits, commit)), log


def result(evidence: Evidence, log: Log, kind: str) -> Corrupted:
    return Corrupted(with_log(evidence, log), kind, f"{log.topic}-{log.partition}")
