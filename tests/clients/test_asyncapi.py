"""schemas/asyncapi.yaml: true, whole, and taken by the parser that clients use."""

import json

import yaml

from schemas.kafka_topics import ALL, full_name
from tests.contract.asyncapi import FILE, SCHEMAS, written
from tests.tools import NPM, node


def test_the_document_is_what_the_code_says():
    assert FILE.read_text() == written(), "run `make schemas`"


def test_the_parser_takes_it_with_every_kafka_topic_and_no_broken_one(tmp_path):
    broken = yaml.safe_load(FILE.read_text())
    broken["operations"]["merge-reads-segments"]["channel"]["$ref"] = "#/channels/no"
    for message in broken["components"]["messages"].values():
        message["payload"] = {"type": "object"}
    path = tmp_path / "broken.yaml"
    path.write_text(yaml.safe_dump(broken))
    found = json.loads(node("check_asyncapi.mjs", str(FILE), str(path)))
    assert found[str(FILE)]["problems"] == []
    channels = found[str(FILE)]["channels"]
    for topic in ALL:
        names = [kind.__name__ for kind in topic.messages]
        assert channels[full_name("captions", topic)] == names or not names
    assert "captions.provider.{provider}.v1" in channels
    assert any("channels/no" in problem for problem in found[str(path)]["problems"])


def test_spectral_has_nothing_to_say():
    node(
        "node_modules/@stoplight/spectral-cli/dist/index.js",
        *("lint", "--fail-severity", "hint", "--ruleset", str(NPM / "spectral.yaml")),
        str(FILE),
    )


def test_every_schema_that_it_refers_to_is_there():
    text = FILE.read_text()
    names = {path.name for path in (SCHEMAS / "json").glob("*.json")}
    assert {name for name in names if f"./json/{name}" in text} == names
