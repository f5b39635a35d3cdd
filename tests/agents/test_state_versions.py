"""State that was written once is restored or refused by name; its shape is held."""

import json

import pytest

from tests.agents.recorded_states import (
    FOLDER,
    agents,
    codec_of,
    path_of,
    recorded,
    shape_of,
)
from workers.agents.packing import unpacked
from workers.agents.states import PackedStateCodec
from workers.core.topics.hearing import surprise
from workers.delivery.exits import Exit, UnknownStateVersionError
from workers.delivery.position import Position, decode_position

RECORDED = sorted(path.name for path in FOLDER.glob("*.json"))


@pytest.mark.parametrize("name", RECORDED)
def test_each_recorded_state_is_restored_as_it_was_or_refused_by_name(name):
    agent, _, version = name.removesuffix(".json").rpartition(".v")
    codec = codec_of(agent)
    states = recorded(agent, int(version))
    assert states
    for state in states:
        if int(version) == codec.state_version:
            restored = codec.decode_state(int(version), state)
            assert plain(codec, codec.encode_state(restored)) == plain(codec, state)
        elif int(version) in codec.versions:
            restored = codec.decode_state(int(version), state)
            again = codec.encode_state(restored)
            assert codec.decode_state(codec.state_version, again) == restored
        else:
            with pytest.raises(UnknownStateVersionError, match=agent):
                codec.decode_state(int(version), state)


def plain(codec, state):
    """Return the bytes in a state; another library may pack them into others."""
    return unpacked(state) if is_packed(codec) else state


def is_packed(codec):
    """Tell whether the agent's states are packed."""
    return isinstance(codec, PackedStateCodec)


def test_what_the_version_before_wrote_of_a_talk_is_what_this_one_writes_of_it():
    codec = codec_of("merge")
    before = [codec.decode_state(4, state) for state in recorded("merge", 4)]
    assert len(before) > 3
    again = [unpacked(codec.encode_state(state)) for state in before]
    assert sorted(again) == sorted(map(unpacked, recorded("merge", 5)))


@pytest.mark.parametrize("agent", ["merge", "topics"])
def test_what_the_version_before_wrote_is_read(agent):
    codec = codec_of(agent)
    assert codec.versions == (codec.state_version - 1, codec.state_version)
    assert recorded(agent, codec.state_version - 1)


def test_a_talk_half_way_through_has_announced_as_often_as_is_usual():
    """Else its next announcement would count as the first in hours."""
    codec = codec_of("topics")
    states = [codec.decode_state(4, state) for state in recorded("topics", 4)]
    assert max(state.topics.hearing.announced for state in states) > 1
    for state in states:
        count, hearing = state.topics.count, state.topics.hearing
        assert hearing.announced == round(0.08 * count)
        assert surprise(hearing, count) < 0.9


@pytest.mark.parametrize("agent", agents())
def test_a_state_of_another_shape_has_another_version(agent):
    codec = codec_of(agent)
    recorded = json.loads(path_of(agent, codec.state_version).read_text())
    assert shape_of(codec) == recorded["shape"], (
        f"the shape of the state of agent {agent} has changed: raise its version, "
        "then `make states`"
    )


@pytest.mark.parametrize("version", [0, 1, 3, 6, 99])
def test_a_state_of_a_version_that_is_not_known_is_refused_by_name(version):
    codec = codec_of("merge")
    with pytest.raises(UnknownStateVersionError, match=f"merge has version {version}"):
        codec.decode_state(version, b"{}")
    assert UnknownStateVersionError.exit == Exit.STATE_UNREADABLE


def test_a_position_of_version_1_is_read_for_ever():
    """With a note about a record, such as earlier builds made."""
    recorded = (
        b'{"version":1,"next":{"in":5,"aside":2},"clock_ms":7,"caught_up":true,'
        b'"open":true,"attempt":{"topic":"in","offset":5,"count":2}}'
    )
    assert decode_position(recorded) == Position(
        next={"in": 5, "aside": 2},
        clock_ms=7,
        caught_up=True,
        open=True,
    )
