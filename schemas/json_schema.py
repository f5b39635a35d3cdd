"""The messages as JSON Schema 2020-12, for readers in any language."""

from inspect import cleandoc
from typing import Any

import msgspec

from schemas.fields import Message
from schemas.kafka_topics import ALL, FROM_OTHERS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def messages() -> dict[str, type[Message]]:
    """Return every message by its name."""
    return {kind.__name__: kind for topic in ALL for kind in topic.messages}


def json_schema(kind: type[Message]) -> dict[str, Any]:
    """Return the schema of one message.

    Unknown fields are allowed: within ``v1`` optional fields may be added.

    What we write always has ``type``, and so says msgspec. What others write it reads
    without one as well, since the Kafka topic has one kind to choose from.
    """
    schema = msgspec.json.schema(kind)
    for defined in schema["$defs"].values():
        if "description" in defined:
            # Python leaves out the indentation of docstrings from 3.13 on.
            defined["description"] = cleandoc(defined["description"])
    if any(kind in topic.messages for topic in FROM_OTHERS):
        schema["$defs"][kind.__name__]["required"].remove("type")
    return {
        "$schema": DIALECT,
        "$id": f"urn:caption-worker:v1:{kind.__name__}",
        "title": kind.__name__,
        **schema,
    }


def written(kind: type[Message]) -> bytes:
    """Return the schema as it stands in ``schemas/json``."""
    plain = msgspec.json.encode(json_schema(kind), order="sorted")
    return msgspec.json.format(plain, indent=2) + b"\n"
