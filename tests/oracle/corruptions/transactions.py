"""What may become of transactions, their markers and those who read."""

from msgspec.structs import replace

from tests.oracle.corruptions.changing import (
    Corrupted,
    any_of,
    changed,
    corruption,
    log_of,
    result,
)
from tests.oracle.fates import fates


@corruption
def outputs_are_committed_before_their_position(evidence, watched, dice):
    number = dice.randrange(len(evidence.dump.commits))
    commits = list(evidence.dump.commits)
    topic = watched.outputs[0]
    while not any(name == topic for name, _ in commits[number].logs):
        number = (number + 1) % len(commits)
    commit = commits[number]
    ((_, partition),) = (log for log in commit.logs if log[0] == topic)
    rest = tuple(log for log in commit.logs if log[0] != topic)
    commits[number : number + 1] = [
        replace(commit, logs=((topic, partition),)),
        replace(commit, logs=rest),
    ]
    dump = replace(evidence.dump, commits=tuple(commits))
    return Corrupted(evidence._replace(dump=dump), "torn", f"{topic}-{partition}")


@corruption
def an_output_is_written_outside_of_any_transaction(evidence, watched, dice):
    log = log_of(evidence, watched.outputs[0], dice)
    one = changed(log, any_of(log, dice), transactional=False)
    return result(evidence, one, "outside_transaction")


@corruption
def a_transaction_hangs(evidence, watched, dice):
    log = log_of(evidence, watched.outputs[0], dice)
    _, last = fates(log).committed[-1]
    stable = min(entry.offset for entry, by in fates(log).committed if by == last)
    ends = tuple(end for end in log.ends if end.offset < last.end_offset)
    seen = tuple(offset for offset in log.seen if offset < stable)
    hung = replace(log, ends=ends, seen=seen, stable_end=stable)
    return result(evidence, hung, "hanging")


@corruption
def readers_get_what_was_aborted(evidence, watched, dice):
    log = log_of(evidence, watched.outputs[0], dice)
    at = dice.choice([at for at, end in enumerate(log.ends) if end.marker == "commit"])
    ends = list(log.ends)
    ends[at] = replace(ends[at], marker="abort")
    return result(evidence, replace(log, ends=tuple(ends)), "aborted_read")


@corruption
def readers_miss_what_was_committed(evidence, watched, dice):
    log = log_of(evidence, watched.outputs[0], dice)
    gone = dice.choice(log.seen)
    seen = tuple(offset for offset in log.seen if offset != gone)
    return result(evidence, replace(log, seen=seen), "committed_unread")


@corruption
def a_stranger_writes_too(evidence, watched, dice):
    log = log_of(evidence, watched.outputs[0], dice)
    last = log.ends[-1]
    entries = tuple(
        replace(entry, producer_id=99_999)
        if entry.offset > (log.ends[-2].offset if len(log.ends) > 1 else -1)
        else entry
        for entry in log.entries
    )
    ends = (*log.ends[:-1], replace(last, producer_id=99_999))
    return result(evidence, replace(log, entries=entries, ends=ends), "stranger")


@corruption
def an_owner_of_before_commits_again(evidence, watched, dice):
    log = log_of(evidence, watched.outputs[0], dice)
    last = [end for end in log.ends if end.marker == "commit"][-1]
    ends = tuple(
        replace(end, epoch=end.epoch - 1) if end == last else end for end in log.ends
    )
    return result(evidence, replace(log, ends=ends), "zombie")
