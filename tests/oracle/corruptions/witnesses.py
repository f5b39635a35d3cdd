"""What may be told otherwise by those who sent, read or looked during the run."""

from msgspec.structs import replace

from tests.oracle.corruptions.changing import (
    Corrupted,
    appended,
    changed,
    corruption,
    with_log,
    without,
)


def _poison(evidence, dice):
    return dice.choice([one for one in evidence.sent if one.reason is not None])


def _rejected_at(evidence, watched, sent):
    log = evidence.dump.logs[watched.rejected][sent.partition]
    for at, entry in enumerate(log.entries):
        mark = watched.marks(entry)
        committed = entry.offset in log.seen
        if committed and (mark.topic, mark.offset) == (sent.topic, sent.offset):
            return log, at
    raise AssertionError(sent)


@corruption
def a_rejected_record_is_lost(evidence, watched, dice):
    sent = _poison(evidence, dice)
    log, at = _rejected_at(evidence, watched, sent)
    evidence = with_log(evidence, without(log, at))
    return Corrupted(evidence, "poison_passed", f"{sent.topic}-{sent.partition}")


@corruption
def a_record_is_rejected_twice(evidence, watched, dice):
    sent = _poison(evidence, dice)
    log, at = _rejected_at(evidence, watched, sent)
    dump, log = appended(evidence.dump, log, log.entries[at])
    evidence = with_log(evidence._replace(dump=dump), log)
    return Corrupted(evidence, "poison_doubled", f"{sent.topic}-{sent.partition}")


@corruption
def a_rejected_record_is_not_as_it_came(evidence, watched, dice):
    sent = _poison(evidence, dice)
    log, at = _rejected_at(evidence, watched, sent)
    evidence = with_log(evidence, changed(log, at, value=b"something else"))
    return Corrupted(evidence, "poison_altered", f"{sent.topic}-{sent.partition}")


@corruption
def a_good_record_is_rejected(evidence, _, dice):
    sent = _poison(evidence, dice)
    good = [one._replace(reason=None) if one == sent else one for one in evidence.sent]
    where = f"{sent.topic}-{sent.partition}"
    return Corrupted(evidence._replace(sent=good), "good_rejected", where)


@corruption
def the_group_is_ahead_of_the_position(evidence, watched, dice):
    groups = evidence.dump.groups
    topic = watched.inputs[0]
    number = dice.choice(sorted(groups[watched.group][topic]))
    stand = {**groups[watched.group][topic]}
    stand[number] += 1
    of_group = {**groups[watched.group], topic: stand}
    dump = replace(evidence.dump, groups={**groups, watched.group: of_group})
    evidence = evidence._replace(dump=dump)
    return Corrupted(evidence, "group_ahead", f"{topic}-{number}")


@corruption
def the_group_went_back(evidence, watched, dice):
    topic = watched.inputs[0]
    stand = evidence.dump.groups[watched.group][topic]
    number = dice.choice(sorted(stand))
    told = {(topic, number): [stand[number] + 1]}
    evidence = evidence._replace(told=told)
    return Corrupted(evidence, "group_back", f"{topic}-{number}")


def _reader(evidence, dice):
    place, offsets = dice.choice(
        [
            (place, offsets)
            for place, offsets in evidence.read.items()
            if len(offsets) > 9
        ]
    )
    at = dice.randrange(1, len(offsets) - 1)
    return place, list(offsets), at


@corruption
def a_reader_during_the_run_got_a_record_again(evidence, _, dice):
    place, offsets, at = _reader(evidence, dice)
    offsets.insert(at, offsets[at - 1])
    evidence = evidence._replace(read={**evidence.read, place: offsets})
    return Corrupted(evidence, "reader_back", f"{place[0]}-{place[1]}")


@corruption
def a_reader_during_the_run_missed_a_record(evidence, _, dice):
    place, offsets, at = _reader(evidence, dice)
    del offsets[at]
    evidence = evidence._replace(read={**evidence.read, place: offsets})
    return Corrupted(evidence, "reader_gap", f"{place[0]}-{place[1]}")


@corruption
def a_reader_during_the_run_got_what_was_aborted(evidence, _, dice):
    place, offsets, _ = _reader(evidence, dice)
    (log,) = (log for log in evidence.dump.logs[place[0]] if log.partition == place[1])
    offsets.append(log.end + 1)
    evidence = evidence._replace(read={**evidence.read, place: offsets})
    return Corrupted(evidence, "reader_aborted", f"{place[0]}-{place[1]}")
