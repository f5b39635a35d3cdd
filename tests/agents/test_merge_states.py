"""States of agent `merge` as bytes: the same in any way, and no others are read."""

import json
import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.codec import encode
from tests.agents.recorded_states import START_MS, recorded
from tests.agents.test_agent_properties import logs
from tests.end_to_end.stage import end_of, talk
from workers.agents.merge import MergeRules
from workers.agents.packing import LARGEST, PackingError, packed, to_msgpack, unpacked
from workers.core.cues import PROFILES
from workers.core.lives import CaptionRules, Gravestone, Memo
from workers.delivery.decide import Work, decide
from workers.delivery.exits import StateUnreadableError
from workers.delivery.records import Record
from workers.delivery.store import Store

RULES = MergeRules(CaptionRules(profiles=tuple(PROFILES.values())), "captions")
VERSION = RULES.state_version


@given(logs())
@settings(max_examples=60, deadline=None)
def test_what_was_written_before_makes_no_difference_to_what_is_written(records):
    store = Store(RULES.deadline_ms)
    clock_ms = 0
    for record in records:
        work = Work(0, store, [record], clock_ms, 2**62, caught_up=False)
        decided = decide(RULES, work)
        clock_ms = decided.clock_ms
        store.apply(decided.changes)
        for state in decided.changes.values():
            if state is not None:
                data = RULES.encode_state(state)
                restored = RULES.decode_state(VERSION, data)
                assert restored == state
                assert RULES.encode_state(restored) == data


def test_a_part_that_changed_is_never_written_as_it_was():
    data = recorded("merge", VERSION)[2]
    state = RULES.decode_state(VERSION, data)
    RULES.encode_state(state)
    (first, *rest) = state.merge.closed
    changed = replace(first, text="Other words.")
    after = replace(state, merge=replace(state.merge, closed=(changed, *rest)))
    assert after.memo is state.memo
    read = RULES.decode_state(VERSION, RULES.encode_state(after))
    assert read.merge.closed[0].text == "Other words."
    assert RULES.encode_state(state) == data


@pytest.mark.parametrize("version", [4, 5])
def test_a_gravestone_of_before_knows_what_is_sent_again_after_its_end(version):
    """It has fingerprints as they were taken then."""
    states = [RULES.decode_state(version, one) for one in recorded("merge", version)]
    (gone,) = [state for state in states if isinstance(state, Gravestone)]
    assert gone.started_ms is None, "its times would tell too"
    store = Store(RULES.deadline_ms)
    store.apply({b"a": gone})
    said = [*talk("a", 90), end_of("a")][-len(gone.prints) :]
    again = [
        Record("segments", 0, at, START_MS + 90_000, b"a", encode(one))
        for at, one in enumerate([*said, *talk("a", 90)[:1]])
    ]
    known = decide(RULES, Work(0, store, again[:-1], 0, 2**62, caught_up=False))
    assert known.notes == {"duplicate": len(said)}
    assert not known.changes
    fresh = decide(RULES, Work(0, store, again[-1:], 0, 2**62, caught_up=False))
    assert fresh.notes == {"held": 1}


def test_two_lives_share_no_memo():
    one, other = Memo(), Memo()
    assert one == other
    assert one.parts is not other.parts


@given(st.binary(max_size=400))
def test_what_is_packed_is_unpacked_as_it_was(data):
    assert unpacked(packed(data)) == data


@given(st.binary(max_size=60))
def test_other_bytes_are_no_state(data):
    with pytest.raises(StateUnreadableError, match="agent merge"):
        RULES.decode_state(VERSION, data)


@given(st.data())
@settings(max_examples=200)
def test_a_state_with_a_byte_changed_is_read_or_refused_by_name(data):
    state = packed(to_msgpack(["gone", "0-0", 5, 1.0, [1, 2, 3], None]) * 3)
    place = data.draw(st.integers(0, len(state) - 1))
    other = bytes([data.draw(st.integers(0, 255))])
    with suppress(StateUnreadableError):
        RULES.decode_state(VERSION, state[:place] + other + state[place + 1 :])


@pytest.mark.parametrize("size", [LARGEST + 1, 2**32 - 1])
def test_a_state_that_says_it_is_huge_gets_no_room(size):
    with pytest.raises(PackingError, match=f"would be {size}"):
        unpacked(size.to_bytes(4, "little") + packed(b"x" * 500)[4:])


def test_a_packed_state_can_be_looked_at():
    """As docs/OPERATIONS.md says."""
    told = subprocess.run(
        [sys.executable, "-m", "workers.agents.packing"],
        input=recorded("merge", VERSION)[2],
        check=True,
        capture_output=True,
    )
    kind, merge, *_ = json.loads(told.stdout)
    assert kind == "live"
    assert merge[0] == "a"
