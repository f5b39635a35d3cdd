"""What may become of positions and states."""

import random

from msgspec.structs import replace

from tests.oracle.corruptions.changing import (
    changed,
    corruption,
    log_of,
    result,
    without,
)
from tests.oracle.dump import Log
from tests.oracle.fates import fates
from workers.delivery.position import POSITION_KEY, decode_position, encode_position


def _positions(log: Log) -> list[int]:
    return [
        at
        for at, entry in enumerate(log.entries)
        if entry.key == POSITION_KEY
        and entry.offset in {each.offset for each, _ in fates(log).committed}
    ]


@corruption
def a_position_jumps_over_records(evidence, watched, dice):
    log = log_of(evidence, watched.state, dice, 12)
    at = dice.choice(_positions(log)[1:-2])
    position = decode_position(log.entries[at].value)
    ahead = {topic: offset + 10**6 for topic, offset in position.next.items()}
    value = encode_position(replace(position, next=ahead))
    return result(evidence, changed(log, at, value=value), "position_back")


@corruption
def a_position_is_past_the_end(evidence, watched, dice):
    log = log_of(evidence, watched.state, dice)
    at = _positions(log)[-1]
    position = decode_position(log.entries[at].value)
    ahead = {topic: offset + 10**6 for topic, offset in position.next.items()}
    value = encode_position(replace(position, next=ahead))
    return result(evidence, changed(log, at, value=value), "position_past_end")


@corruption
def the_last_record_is_never_decided(evidence, watched, dice):
    log = log_of(evidence, watched.inputs[0], dice)
    entry = replace(log.entries[-1], offset=log.end)
    log = replace(
        log,
        entries=(*log.entries, entry),
        end=log.end + 1,
        stable_end=log.end + 1,
    )
    return result(evidence, log, "undecided")


def _state(log: Log, dice: random.Random, *, ended: bool) -> int:
    return dice.choice(
        [
            at
            for at, entry in enumerate(log.entries)
            if entry.key != POSITION_KEY and (entry.value is None) == ended
        ]
    )


@corruption
def a_state_is_not_written(evidence, watched, dice):
    log = log_of(evidence, watched.state, dice, 12)
    return result(evidence, without(log, _state(log, dice, ended=False)), "state_lost")


@corruption
def a_state_is_another(evidence, watched, dice):
    log = log_of(evidence, watched.state, dice, 12)
    at = _state(log, dice, ended=False)
    value = log.entries[at].value.replace(b'"said":', b'"said":1')
    return result(evidence, changed(log, at, value=value), "state_altered")


@corruption
def a_tombstone_is_missing(evidence, watched, dice):
    logs = [
        log
        for log in evidence.dump.logs[watched.state]
        if any(entry.value is None for entry in log.entries)
    ]
    log = dice.choice(logs)
    return result(evidence, without(log, _state(log, dice, ended=True)), "state_kept")
