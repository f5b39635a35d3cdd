"""What may become of outputs."""

from msgspec.structs import replace

from tests.oracle.corruptions.changing import (
    any_of,
    appended,
    changed,
    corruption,
    log_of,
    result,
    with_log,
    without,
)
from tests.oracle.dump import Entry


@corruption
def an_output_is_lost(evidence, watched, dice):
    log = log_of(evidence, watched.outputs[0], dice)
    return result(evidence, without(log, any_of(log, dice)), "lost")


@corruption
def an_output_is_doubled(evidence, watched, dice):
    log = log_of(evidence, watched.outputs[0], dice)
    entry = log.entries[any_of(log, dice)]
    dump, log = appended(evidence.dump, log, entry)
    return result(evidence._replace(dump=dump), log, "doubled")


@corruption
def an_output_appears_that_nobody_decided(evidence, watched, dice):
    log = log_of(evidence, watched.outputs[0], dice)
    entry = replace(log.entries[any_of(log, dice)], value=b"phantom", timestamp_ms=1)
    dump, log = appended(evidence.dump, log, entry)
    return result(evidence._replace(dump=dump), log, "phantom")


@corruption
def one_byte_of_an_output_differs(evidence, watched, dice):
    log = log_of(evidence, watched.outputs[0], dice)
    at = any_of(log, dice)
    value = bytearray(log.entries[at].value)
    value[dice.randrange(len(value))] ^= 1 << dice.randrange(8)
    return result(evidence, changed(log, at, value=bytes(value)), "altered")


@corruption
def an_output_tells_another_time(evidence, watched, dice):
    log = log_of(evidence, watched.outputs[0], dice)
    at = any_of(log, dice)
    time_ms = log.entries[at].timestamp_ms + 1
    return result(evidence, changed(log, at, timestamp_ms=time_ms), "altered")


@corruption
def a_header_is_gone(evidence, watched, dice):
    log = log_of(evidence, watched.rejected, dice, 1)
    at = any_of(log, dice)
    rest = log.entries[at].headers[:-1]
    return result(evidence, changed(log, at, headers=rest), "altered")


@corruption
def two_outputs_change_places(evidence, watched, dice):
    log = log_of(evidence, watched.outputs[0], dice)
    one, other = sorted((any_of(log, dice), any_of(log, dice)))
    entries = log.entries
    while _same(entries[one], entries[other]):
        one, other = sorted((any_of(log, dice), any_of(log, dice)))
    swapped = changed(log, one, **_content(entries[other]))
    swapped = changed(swapped, other, **_content(entries[one]))
    return result(evidence, swapped, "out_of_order")


def _content(entry: Entry) -> dict[str, object]:
    return {
        "timestamp_ms": entry.timestamp_ms,
        "key": entry.key,
        "value": entry.value,
        "headers": entry.headers,
    }


def _same(one: Entry, other: Entry) -> bool:
    return _content(one) == _content(other)


@corruption
def an_output_is_in_another_partition(evidence, watched, dice):
    log = log_of(evidence, watched.outputs[0], dice)
    at = any_of(log, dice)
    while log.entries[at].key is None:  # without a key one may be like another
        at = any_of(log, dice)
    others = [
        each
        for each in evidence.dump.logs[log.topic]
        if each.partition != log.partition and each.ends
    ]
    dump, other = appended(evidence.dump, dice.choice(others), log.entries[at])
    evidence = with_log(evidence._replace(dump=dump), without(log, at))
    return result(evidence, other, "wrong_partition")
