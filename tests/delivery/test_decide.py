"""One partition's turn, decided: what the rules of time promise."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.delivery.toy import SILENCE_MS, Count, ToyRules
from workers.delivery.decide import BrokenRulesError, Decided, Work, decide
from workers.delivery.position import POSITION_KEY
from workers.delivery.records import Output, Record
from workers.delivery.rules import Decision
from workers.delivery.store import Store

RULES = ToyRules()
START_MS = 1_000_000


def record(
    offset: int,
    key: bytes | None = b"a",
    value: bytes = b"say",
    at_ms: int = 0,
    *,
    skip: bool = False,
) -> Record:
    headers = (("skip", b"1"),) if skip else ()
    return Record("in", 0, offset, START_MS + at_ms, key, value, headers)


class Run:
    """One partition over several turns; memory changes as after commits."""

    def __init__(self, clock_ms: int = START_MS, rules: Any = RULES) -> None:
        self.rules = rules
        self.store: Store[Count] = Store(rules.deadline_ms)
        self.clock_ms = clock_ms
        self.outputs: list[Any] = []

    def turn(
        self,
        records: Sequence[Record] = (),
        wall_ms: int = START_MS + 10**6,
        *,
        caught_up: bool = False,
        quarantined: bool = False,
    ) -> Decided[Count]:
        before = {key: self.store.get(key) for key in self.keys()}
        work = Work(
            0, self.store, records, self.clock_ms, wall_ms, caught_up, quarantined
        )
        decided = decide(self.rules, work)
        assert before == {key: self.store.get(key) for key in self.keys()}
        self.store.apply(decided.changes)
        self.clock_ms = decided.clock_ms
        self.outputs += decided.outputs
        return decided

    def keys(self) -> list[bytes]:
        return sorted(self.store._states)

    def states(self) -> dict[bytes, Count | None]:
        return {key: self.store.get(key) for key in self.keys()}


def said(run: Run, key: bytes = b"a") -> list[Any]:
    return [
        (time_ms, msgspec.json.decode(output.value))
        for time_ms, output in run.outputs
        if output.key == key and output.topic == "out"
    ]


VALUES = st.sampled_from(
    [b"say", b"say", b"say", b"poison", b"ignore", b"stay", b"big"]
)
ENTRIES = st.tuples(
    st.sampled_from([b"a", b"b", b"c", None]),
    VALUES,
    st.integers(0, 4 * SILENCE_MS),
    st.booleans(),
)


def log(entries: list[Any], *, in_time_order: bool = False) -> list[Record]:
    if in_time_order:
        entries = sorted(entries, key=lambda entry: entry[2])
    return [
        record(
            offset,
            key,
            b"say" if key is None else value,
            at_ms,
            skip=skip and at_ms % 5 == 0,
        )
        for offset, (key, value, at_ms, skip) in enumerate(entries)
    ]


def cut(records: list[Record], cuts: set[int]) -> list[list[Record]]:
    edges = [0, *sorted(edge for edge in cuts if edge < len(records)), len(records)]
    return [records[start:end] for start, end in pairwise(edges)]


@given(
    st.lists(ENTRIES, max_size=30), st.sets(st.integers(1, 29)), st.integers(0, 1500)
)
def test_in_a_backlog_any_cutting_into_turns_gives_the_same_bytes(entries, cuts, wall):
    whole, parts = Run(), Run()
    whole.turn(log(entries), START_MS + wall)
    for part in cut(log(entries), cuts):
        parts.turn(part, START_MS + wall)
    assert parts.outputs == whole.outputs
    assert (parts.states(), parts.clock_ms) == (whole.states(), whole.clock_ms)


@given(
    st.lists(ENTRIES, max_size=30), st.sets(st.integers(1, 29)), st.integers(0, 1500)
)
def test_while_the_wall_stands_any_cutting_gives_the_same_bytes(entries, cuts, wall):
    wall_ms = START_MS + wall
    whole, parts = Run(wall_ms), Run(wall_ms)
    whole.turn(log(entries), wall_ms, caught_up=True)
    for part in cut(log(entries), cuts):
        parts.turn(part, wall_ms, caught_up=True)
    assert parts.outputs == whole.outputs
    assert parts.states() == whole.states()


@given(st.lists(ENTRIES, max_size=30), st.booleans(), st.integers(0, 1500))
def test_a_key_is_decided_as_if_it_were_alone(entries, caught_up, wall):
    records = log(entries, in_time_order=True)
    together = Run()
    together.turn(records, START_MS + wall, caught_up=caught_up)
    for key in (b"a", b"b", b"c"):
        alone = Run()
        # The others' records still tell the time, so silence ends where it did.
        others = [
            each if each.key == key else replace(each, key=key, value=b"ignore")
            for each in records
        ]
        alone.turn(others, START_MS + wall, caught_up=caught_up)
        assert said(together, key) == said(alone, key)


@given(st.lists(ENTRIES, max_size=30), st.sets(st.integers(1, 29)), st.data())
def test_time_never_runs_backwards_nor_past_the_wall(entries, cuts, data):
    run, latest = Run(), START_MS
    for part in cut(log(entries), cuts):
        wall_ms = data.draw(st.integers(START_MS, START_MS + 1500))
        latest = max(latest, wall_ms)
        run.turn(part, wall_ms, caught_up=data.draw(st.booleans()))
        assert run.clock_ms <= latest
    times = [time_ms for time_ms, _ in run.outputs]
    assert times == sorted(times)


@given(st.lists(ENTRIES, min_size=1, max_size=20), st.integers(0, 19))
def test_a_rejected_record_leaves_its_neighbours_as_they_would_be(entries, index):
    records = log(entries)
    index %= len(records)
    harmless, harmful = Run(), Run()
    harmless.turn(
        [
            *records[:index],
            replace(records[index], value=b"ignore", key=b"a", headers=()),
            *records[index + 1 :],
        ]
    )
    harmful.turn(
        [
            *records[:index],
            replace(records[index], value=b"poison", key=b"a", headers=()),
            *records[index + 1 :],
        ]
    )
    assert harmful.states() == harmless.states()
    assert [
        each
        for each in harmful.outputs
        if dict(each.output.headers).get("offset") != b"%d" % index
    ] == harmless.outputs


def test_a_record_that_came_in_time_ends_no_silence_however_late_we_are():
    run = Run()
    run.turn([record(0, at_ms=0)])
    # One turn, long after: a neighbour first, then the record that kept "a" alive.
    run.turn(
        [record(1, b"b", at_ms=10), record(2, at_ms=SILENCE_MS - 1)],
        START_MS + SILENCE_MS + 100,
        caught_up=True,
    )
    assert [value["type"] for _, value in said(run)] == ["said", "said"]


def test_a_deadline_falls_due_before_the_record_that_came_too_late():
    run = Run()
    run.turn([record(0, at_ms=0), record(1, at_ms=SILENCE_MS)])
    assert [value["type"] for _, value in said(run)] == ["said", "silent", "said"]


def test_in_a_backlog_silence_is_not_measured_by_the_wall():
    run = Run()
    run.turn([record(0, at_ms=0)], START_MS + 10**6)
    assert [value["type"] for _, value in said(run)] == ["said"]


def test_caught_up_the_silence_up_to_the_wall_is_heard():
    run = Run()
    run.turn([record(0, at_ms=0)])
    run.turn(wall_ms=START_MS + SILENCE_MS, caught_up=True)
    assert [value["type"] for _, value in said(run)] == ["said", "silent"]
    assert run.clock_ms == START_MS + SILENCE_MS


def test_caught_up_a_producer_with_a_slow_clock_does_not_live_in_the_past():
    run = Run()
    wall_ms = START_MS + 10**6
    run.turn([record(0, at_ms=0)], wall_ms, caught_up=True)
    assert said(run)[0][0] == wall_ms
    assert run.store.deadline_ms(b"a") == wall_ms + SILENCE_MS


def test_deadlines_come_in_the_order_of_time_then_key():
    run = Run()
    run.turn([record(0, b"b"), record(1, b"a"), record(2, b"c", at_ms=1)])
    run.turn(wall_ms=START_MS + SILENCE_MS + 1, caught_up=True)
    silent = [output.key for _, output in run.outputs[3:]]
    assert silent == [b"a", b"b", b"c"]


def test_a_record_sees_the_state_the_one_before_it_left():
    run = Run()
    run.turn([record(0), record(1), record(2, b"b"), record(3)])
    assert [value["said"] for _, value in said(run)] == [1, 2, 3]


def test_an_unchanged_state_is_not_written():
    run = Run()
    run.turn([record(0)])
    decided = run.turn([record(1, value=b"ignore")])
    assert decided.changes == {}
    assert not decided.is_empty  # its position is to be written all the same


def test_a_key_that_came_and_went_in_one_turn_leaves_no_tombstone():
    run = Run()
    decided = run.turn([record(0), record(1, b"b", at_ms=10 * SILENCE_MS)])
    assert set(decided.changes) == {b"b"}


def test_a_skipped_record_moves_nothing_but_the_position():
    run = Run()
    run.turn([record(0)])
    decided = run.turn([record(1, at_ms=10**5, skip=True)], START_MS, caught_up=True)
    assert decided.is_empty
    assert (decided.skipped, decided.clock_ms) == (1, START_MS)


@pytest.mark.parametrize(
    ("value", "reason"),
    [(b"poison", "failed"), (b"refuse", "unwanted"), (b"big", "output_too_large")],
)
def test_a_record_the_rules_cannot_use_is_told_of_in_its_place(value, reason):
    run = Run()
    decided = run.turn([record(0), record(1, value=value), record(2)])
    assert [output.topic for _, output in run.outputs] == ["out", "rejected", "out"]
    assert [(each.offset, each.reason) for each in decided.rejections] == [(1, reason)]
    assert [value["said"] for _, value in said(run)] == [1, 2]


def test_a_record_with_the_positions_own_key_is_refused():
    decided = Run().turn([record(0, POSITION_KEY)])
    assert decided.changes == {}
    assert decided.rejections[0].reason == "reserved_key"


def test_a_quarantined_record_is_not_read():
    run = Run()
    decided = run.turn([record(0, value=b"kill")], quarantined=True)
    assert decided.rejections[0].reason == "quarantined"


def test_a_state_without_a_key_is_a_bug():
    with pytest.raises(BrokenRulesError, match="without key"):
        Run().turn([record(0, None, b"stay")])


class Stuck(ToyRules):
    def on_deadline(self, _: bytes, state: Count, __: int) -> Decision[Count]:
        return Decision(msgspec.structs.replace(state, silences=state.silences + 1))


class Loud(ToyRules):
    def rejected(self, *_: object) -> Output:
        return Output("rejected", None, b"x" * 10**6)


def test_a_deadline_that_does_not_move_on_is_a_bug():
    with pytest.raises(BrokenRulesError, match="on_deadline"):
        Run(rules=Stuck()).turn([record(0), record(1, at_ms=10**6)])


def test_a_rejection_that_is_too_large_is_a_bug():
    with pytest.raises(BrokenRulesError, match="at most"):
        Run(rules=Loud()).turn([record(0, value=b"poison")])
