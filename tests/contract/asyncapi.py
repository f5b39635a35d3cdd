"""``schemas/asyncapi.yaml``: all Kafka topics as AsyncAPI 3; `make schemas` writes it.

Made from the lists that the worker itself goes by, so it tells nothing else.
"""

import inspect
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from schemas.events import CE_TYPES
from schemas.fields import Message
from schemas.kafka_topics import (
    AGENTS,
    ALL,
    FROM_OTHERS,
    REJECTED,
    STATES,
    KafkaTopic,
    adapt_agent,
    full_name,
    provider_topic,
)
from workers.adapters.providers.registry import PROVIDERS
from workers.app import INPUTS, OUTPUTS, kafka_topics
from workers.settings import Settings

SCHEMAS = Path(__file__).parents[2] / "schemas"
FILE = SCHEMAS / "asyncapi.yaml"
HEAD = "# Made by `make schemas` from the lists in schemas/ and workers/app/needs.py.\n"

ABOUT = {
    "segments.v1": "What a recogniser heard, from the captioning backend or `replay`.",
    "corrections.v1": "What a person corrected.",
    "captions.v1": "Captions as they grow, become final, change or go.",
    "cues.v1": "Lines for the screen, by profile.",
    "enriched.v1": "Final captions with their topic.",
    "topics.v1": "Topics as they start, are confirmed, named and end.",
    "metrics.v1": "How each stream is doing, every 10 s and at its end.",
    "rejected.v1": "What could not be used: the bytes as they came; why in headers.",
    "merge.state.v1": "State of agent `merge`; for nobody else.",
    "topics.state.v1": "State of agent `topics`; for nobody else.",
}
REJECTED_HEADERS = {
    "rejected_reason": "One word, such as `not_json` or `too_late`.",
    "rejected_topic": "The Kafka topic it came from.",
    "rejected_partition": "Its partition there.",
    "rejected_offset": "Its offset there.",
    "rejected_error": "What is wrong, in words.",
}


def document() -> dict[str, Any]:
    """Return the whole document."""
    settings = Settings()
    wanted = {topic.name: topic for topic in kafka_topics(settings, create=True)}
    channels = {}
    for topic in ALL:
        address = full_name(settings.prefix, topic)
        one = wanted[address]
        config: dict[str, Any] = {
            "cleanup.policy": ["compact" if one.compacted else "delete"]
        }
        if one.retention_ms is not None:
            config["retention.ms"] = one.retention_ms
        channels[_id(topic)] = {
            "address": address,
            "title": address,
            "description": ABOUT[topic.name],
            "messages": {
                name: {"$ref": f"#/components/messages/{name}"}
                for name in _messages_of(topic)
            },
            "bindings": {
                "kafka": {
                    "partitions": one.partitions,
                    "topicConfiguration": config,
                    "bindingVersion": "0.5.0",
                }
            },
        }
    channels["provider"] = {
        "address": full_name(settings.prefix, provider_topic("{provider}")),
        "title": "A recogniser's own messages",
        "description": "As the recogniser sent them; agent `adapt` makes segments of "
        "them. Optional.",
        "parameters": {
            "provider": {"description": "Which.", "enum": sorted(PROVIDERS)}
        },
        "messages": {"Provider": {"$ref": "#/components/messages/Provider"}},
        "bindings": {"kafka": {"bindingVersion": "0.5.0"}},
    }
    return {
        "asyncapi": "3.1.0",
        "id": "urn:caption-worker",
        "defaultContentType": "application/json",
        "info": {
            "title": "caption-worker",
            "version": version("caption-worker"),
            "description": "Live caption segments in, captions and topics out, exactly "
            "once. Every key is the stream's id; readers have to be `read_committed`. "
            "Names begin with the setting `prefix`, here `captions`.",
            "license": {
                "name": "Apache-2.0",
                "url": "https://www.apache.org/licenses/LICENSE-2.0",
            },
            "tags": [{"name": "captions"}, {"name": "topics"}],
        },
        "servers": {
            "kafka": {
                "host": settings.broker,
                "protocol": "kafka",
                "description": "The setting `broker`.",
            }
        },
        "channels": channels,
        "operations": _operations(),
        "components": {"messages": _messages()},
    }


def _id(topic: KafkaTopic) -> str:
    return topic.name.removesuffix(".v1").replace(".", "-")


def _messages_of(topic: KafkaTopic) -> list[str]:
    if topic == REJECTED:
        return ["Rejected"]
    if topic in STATES.values():
        return ["State"]
    return [kind.__name__ for kind in topic.messages]


def _operations() -> dict[str, Any]:
    operations = {}
    for agent in AGENTS:
        group = f"captions-{agent}"
        for topic in INPUTS[agent]:
            operations[f"{agent}-reads-{_id(topic)}"] = _operation(
                "receive",
                _id(topic),
                f"Agent `{agent}` reads it as group `{group}`.",
                {"groupId": {"type": "string", "enum": [group]}},
            )
        for topic in (*OUTPUTS[agent], STATES[agent]):
            operations[f"{agent}-writes-{_id(topic)}"] = _operation(
                "send", _id(topic), f"Agent `{agent}` writes it, in transactions.", {}
            )
    group = f"captions-{adapt_agent('<provider>')}"
    operations["adapt-reads-provider"] = _operation(
        "receive", "provider", f"Agent `adapt` reads it as group `{group}`.", {}
    )
    operations["adapt-writes-segments"] = _operation(
        "send", "segments", "Agent `adapt` writes it, in transactions.", {}
    )
    return operations


def _operation(
    action: str, channel: str, about: str, binding: dict[str, Any]
) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "summary": about,
        "description": about,
        "bindings": {"kafka": {**binding, "bindingVersion": "0.5.0"}},
    }


def _messages() -> dict[str, Any]:
    key = {"type": "string", "description": "The stream's id.", "maxLength": 256}
    binding = {"kafka": {"key": key, "bindingVersion": "0.5.0"}}
    received = {kind for topic in FROM_OTHERS for kind in topic.messages}
    made = {
        kind.__name__: {
            "name": kind.__name__,
            "title": kind.__name__,
            "summary": _summary(kind),
            "contentType": "application/json",
            "headers": _headers(CE_TYPES[kind], needed=kind not in received),
            "payload": {"$ref": f"./json/{kind.__name__}.json"},
            "bindings": binding,
            "examples": [{"name": kind.__name__, "payload": _example(kind)}],
        }
        for kind in CE_TYPES
    }
    made["Rejected"] = {
        "name": "Rejected",
        "title": "Rejected",
        "summary": "A record that could not be used, untouched.",
        "contentType": "application/octet-stream",
        "headers": _headers("captions.rejected.v1", needed=True, more=REJECTED_HEADERS),
        "payload": {"description": "Whatever came; its key too."},
    }
    made["State"] = {
        "name": "State",
        "title": "State",
        "summary": "What an agent remembers of a stream, or its position.",
        "contentType": "application/octet-stream",
        "payload": {"description": "For this agent alone, JSON or packed; may change."},
        "bindings": binding,
    }
    made["Provider"] = {
        "name": "Provider",
        "title": "Provider",
        "summary": "One message of a recogniser, as it documents it.",
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "properties": {
                "end_of_stream": {
                    "type": "string",
                    "enum": ["true"],
                    "description": "The stream ends with this record.",
                }
            },
        },
        "payload": {"type": "object"},
        "bindings": binding,
    }
    return made


def _summary(kind: type[Message]) -> str:
    return (inspect.getdoc(kind) or "").split("\n", 1)[0].replace("``", "`")


def _example(kind: type[Message]) -> Any:
    return json.loads((SCHEMAS / "examples" / f"{kind.__name__}.json").read_bytes())


def _headers(
    ce_type: str, *, needed: bool, more: dict[str, str] | None = None
) -> dict[str, Any]:
    events = {
        "ce_specversion": {"type": "string", "enum": ["1.0"]},
        "ce_type": {"type": "string", "enum": [ce_type]},
        "ce_id": {"type": "string", "description": "The same in every retry."},
        "ce_source": {"type": "string"},
        "ce_time": {"type": "string", "format": "date-time"},
        "content-type": {"type": "string", "enum": ["application/json"]},
    }
    if more is not None:
        del events["content-type"]
        events |= {
            name: {"type": "string", "description": about}
            for name, about in more.items()
        }
    trace = {"type": "string", "description": "W3C trace context, passed on."}
    return {
        "type": "object",
        "properties": {**events, "traceparent": trace},
        **({"required": sorted(events)} if needed else {}),
    }


class _Plain(yaml.SafeDumper):
    """Writes each value in full: no anchors."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def written() -> str:
    """Return what the file holds."""
    return HEAD + yaml.dump(
        document(), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=88
    )


if __name__ == "__main__":
    FILE.write_text(written())
