"""What was ever released is read for ever, and only optional fields are added."""

import copy
import json
from importlib.metadata import version

import jsonschema
import pytest

from schemas import kafka_topics
from schemas.codec import MessageDecoder
from schemas.json_schema import json_schema, messages, written
from tests.contract.evolution import broken
from tests.contract.released import FOLDER, SCHEMAS

RELEASED = {path.stem: json.loads(path.read_bytes()) for path in FOLDER.glob("*.json")}
FROM_OTHERS = {
    kind.__name__ for topic in kafka_topics.FROM_OTHERS for kind in topic.messages
}
KEPT = [(each, name) for each in sorted(RELEASED) for name in RELEASED[each]]


def test_the_version_of_today_is_kept():
    assert version("caption-worker") in RELEASED, "run `make released`"


@pytest.mark.parametrize(("release", "name"), KEPT)
def test_a_released_example_validates_and_decodes_for_ever(release, name):
    example = RELEASED[release][name]["example"]
    kind = messages()[name]
    jsonschema.validate(example, json_schema(kind))
    key = example["stream_id"].encode()
    MessageDecoder(kind).decode(key, json.dumps(example).encode())


@pytest.mark.parametrize(("release", "name"), KEPT)
def test_an_example_of_today_validates_by_every_released_schema(release, name):
    example = json.loads((SCHEMAS / "examples" / f"{name}.json").read_bytes())
    jsonschema.validate(example, RELEASED[release][name]["schema"])


@pytest.mark.parametrize(("release", "name"), KEPT)
def test_since_a_release_only_optional_fields_were_added(release, name):
    old = RELEASED[release][name]["schema"]
    new = json.loads(written(messages()[name]))
    assert list(broken(old, new, from_others=name in FROM_OTHERS)) == []


def changed(change, name="CaptionFinal"):
    """Return what the rules say to a change of one schema."""
    old = json_schema(messages()[name])
    new = copy.deepcopy(old)
    change(new["$defs"][name], new["$defs"])
    return list(broken(old, new, from_others=name in FROM_OTHERS))


def add_optional(final, defs):
    final["properties"]["mood"] = {"type": "string", "default": ""}
    defs["Word"]["properties"]["mood"] = {"type": "string", "default": ""}
    final["description"] = "Said otherwise."


def add_required(final, _):
    final["properties"]["mood"] = {"type": "string"}
    final["required"].append("mood")


def make_optional(final, _):
    final["required"].remove("text")


def remove(final, _):
    del final["properties"]["speaker"]


def narrow(_, defs):
    defs["Word"]["properties"]["text"]["maxLength"] = 5


def change_type(_, defs):
    defs["Flag"]["properties"]["evidence"] = {"type": "number"}


def close(final, _):
    final["additionalProperties"] = False


def lose_value(final, _):
    final["properties"]["type"]["enum"] = ["Final"]


def test_an_optional_field_may_be_added_and_words_may_change():
    assert changed(add_optional) == []


@pytest.mark.parametrize(
    "change",
    [add_required, make_optional, remove, narrow, change_type, close, lose_value],
)
def test_any_other_change_needs_a_new_kafka_topic(change):
    assert len(changed(change)) == 1


def test_what_others_write_may_ask_for_less():
    assert changed(make_optional, "CaptionSegment") == []


@pytest.mark.parametrize("change", [add_required, remove, close])
def test_what_others_write_may_not_change_otherwise(change):
    assert len(changed(change, "CaptionSegment")) == 1


def test_the_rules_are_told_to_those_who_change_messages():
    assert "only optional fields are added" in (SCHEMAS / "README.md").read_text()
