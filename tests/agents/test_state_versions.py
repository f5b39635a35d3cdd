"""State that was written once is restored or refused by name; its shape is held."""

import json

import pytest

from tests.agents.recorded_states import FOLDER, agents, codec_of, path_of, shape_of
from workers.delivery.exits import Exit, UnknownStateVersionError
from workers.delivery.position import Position, decode_position

RECORDED = sorted(path.name for path in FOLDER.glob("*.json"))


@pytest.mark.parametrize("name", RECORDED)
def test_each_recorded_state_is_restored_as_it_was_or_refused_by_name(name):
    agent, _, version = name.removesuffix(".json").rpartition(".v")
    codec = codec_of(agent)
    states = json.loads((FOLDER / name).read_text())["states"]
    assert states
    for state in states:
        if int(version) == codec.state_version:
            restored = codec.decode_state(int(version), state.encode())
            assert json.loads(codec.encode_state(restored)) == json.loads(state)
        else:
            with pytest.raises(UnknownStateVersionError, match=agent):
                codec.decode_state(int(version), state.encode())


@pytest.mark.parametrize("agent", agents())
def test_a_state_of_another_shape_has_another_version(agent):
    codec = codec_of(agent)
    recorded = json.loads(path_of(agent, codec.state_version).read_text())
    assert shape_of(codec) == recorded["shape"], (
        f"the shape of the state of agent {agent} has changed: raise its version, "
        "then `make states`"
    )


@pytest.mark.parametrize("version", [0, 1, 3, 5, 99])
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
