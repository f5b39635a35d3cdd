"""A schema asks for the fields that the decoder asks for, no more and no less."""

import copy
import json

import jsonschema
import msgspec
import pytest

from schemas.codec import CORRECTION, EVENT, SEGMENT, BadMessageError
from schemas.kafka_topics import FROM_OTHERS
from tests.contract.test_messages import EXAMPLES, SCHEMAS
from workers.app import INPUTS, OUTPUTS

DECODERS = {"CaptionSegment": SEGMENT, "CaptionCorrection": CORRECTION}
"""Who reads what others write; all that we write, one reads."""
WORD = {
    "text": "And",
    "start_s": 32.6,
    "end_s": 32.84,
    "confidence": 0.9,
    "is_final": True,
}
MORE = {
    "CaptionSegment": {
        "mode": "append",
        "epoch": 1,
        "channel": "left",
        "stability": 0.5,
        "end_of_stream": False,
        "provider": "deepgram",
        "words": [WORD],
    }
}
"""What the examples leave out."""


def schema(name):
    return json.loads((SCHEMAS / "json" / f"{name}.json").read_bytes())


def full(name):
    """Return the example of a message, with the fields it leaves out."""
    example = json.loads((SCHEMAS / "examples" / f"{name}.json").read_bytes())
    return example | MORE.get(name, {})


def paths(value, before=()):
    """Yield where each field is, also those of objects within."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        if isinstance(value, dict):
            yield (*before, key)
        if isinstance(inner, dict | list):
            yield from paths(inner, (*before, key))


def without(message, path):
    """Return a message without one of its fields."""
    left = copy.deepcopy(message)
    inner = left
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return left


def is_valid(name, message):
    return jsonschema.Draft202012Validator(schema(name)).is_valid(message)


def is_read(name, message):
    key = message.get("stream_id", "island").encode()
    try:
        DECODERS.get(name, EVENT).decode(key, msgspec.json.encode(message))
    except BadMessageError:
        return False
    return True


@pytest.mark.parametrize("name", DECODERS)
def test_the_examples_of_what_others_write_are_full(name):
    told = schema(name)["$defs"]
    assert full(name).keys() == told[name]["properties"].keys()
    for word in full(name).get("words", ()):
        assert word.keys() == told["Word"]["properties"].keys()


@pytest.mark.parametrize("name", [path.stem for path in EXAMPLES])
def test_without_a_field_a_message_is_valid_where_it_is_read(name):
    message = full(name)
    assert is_valid(name, message)
    assert is_read(name, message)
    dropped = {path: without(message, path) for path in paths(message)}
    valid = {path for path, left in dropped.items() if is_valid(name, left)}
    read = {path for path, left in dropped.items() if is_read(name, left)}
    assert valid == read
    # Each message has fields of either kind, or this would tell nothing.
    assert read < dropped.keys()
    assert (("type",) in read) == (name in DECODERS)


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("CaptionSegment", ["stream_id", "text", "is_final"]),
        (
            "CaptionCorrection",
            ["stream_id", "caption_id", "text", "corrected_by", "corrected_at"],
        ),
    ],
)
def test_what_others_have_to_send_is_little(name, needed):
    assert schema(name)["$defs"][name]["required"] == needed
    assert is_read(name, {field: full(name)[field] for field in needed})


@pytest.mark.parametrize("name", DECODERS)
def test_another_type_is_refused_by_both(name):
    message = full(name) | {"type": "CaptionFinal"}
    assert not is_valid(name, message)
    assert not is_read(name, message)


def test_what_others_write_is_what_agents_read_and_none_writes():
    read = {topic.name for topics in INPUTS.values() for topic in topics}
    made = {topic.name for topics in OUTPUTS.values() for topic in topics}
    assert {topic.name for topic in FROM_OTHERS} == read - made
    named = {kind.__name__ for topic in FROM_OTHERS for kind in topic.messages}
    assert named == DECODERS.keys()
    assert all(len(topic.messages) == 1 for topic in FROM_OTHERS)
