"""Schemas of what the API answers, beside the messages themselves."""

from typing import Any

REFERENCE = "#/components/schemas/{name}"


def _object(required: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": required, "required": list(required)}


def _nullable(kind: str) -> dict[str, Any]:
    return {"type": [kind, "null"]}


_STRINGS = {"type": "array", "items": {"type": "string"}}
_TOPIC = {
    "topic_id": {"type": "string"},
    "state": {"enum": ["provisional", "confirmed", "ended"]},
    "label": _nullable("string"),
    "keyphrases": _STRINGS,
    "start_s": _nullable("number"),
    "end_s": _nullable("number"),
    "first_caption_id": {"type": "string"},
    "returns_to": _nullable("string"),
}
SCHEMAS: dict[str, Any] = {
    "Problem": _object(
        {
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
        }
    ),
    "Live": _object({"live": {"type": "boolean"}, "reasons": _STRINGS}),
    "Ready": _object(
        {
            "ready": {"type": "boolean"},
            "reasons": _STRINGS,
            "clients": {"type": "integer"},
            "unreadable": {"type": "integer"},
            "forgotten": {"type": "integer"},
        }
    ),
    "TopicState": _object(_TOPIC),
    "StreamTopic": _object({"stream_id": {"type": "string"}, **_TOPIC}),
    "TopicList": _object(
        {
            "topics": {
                "type": "array",
                "items": {"$ref": REFERENCE.format(name="StreamTopic")},
            }
        }
    ),
    "Quality": _object(
        {
            "state": _nullable("string"),
            "reason": _nullable("string"),
            "words_per_minute": _nullable("number"),
            "latency_s": _nullable("number"),
            "normalized_erasure": _nullable("number"),
            "cue_compliance": {
                "type": ["object", "null"],
                "additionalProperties": {"type": "number"},
            },
        }
    ),
    "Stream": _object(
        {
            "stream_id": {"type": "string"},
            "life": {"type": "string"},
            "state": {"enum": ["live", "quiet", "ended"]},
            "began_at": {"type": "string", "format": "date-time"},
            "heard_at": {"type": "string", "format": "date-time"},
            "start_s": _nullable("number"),
            "end_s": _nullable("number"),
            "captions": {"type": "integer"},
            "words": {"type": "integer"},
            "speakers": _STRINGS,
            "languages": _STRINGS,
            "topic": {
                "anyOf": [
                    {"$ref": REFERENCE.format(name="TopicState")},
                    {"type": "null"},
                ]
            },
            "topics": {"type": "integer"},
            "quality": {
                "anyOf": [
                    {"$ref": REFERENCE.format(name="Quality")},
                    {"type": "null"},
                ]
            },
            "from_start": {"type": "boolean"},
        }
    ),
    "StreamList": _object(
        {
            "streams": {
                "type": "array",
                "items": {"$ref": REFERENCE.format(name="Stream")},
            },
            "kafka": {"type": "boolean"},
        }
    ),
    "Transcript": _object(
        {
            "stream_id": {"type": "string"},
            "life": {"type": "string"},
            "ended": {"type": "boolean"},
            "from_start": {"type": "boolean"},
            "position": {"type": "string"},
            "captions": {"type": "array", "items": {"type": "object"}},
            "topics": {"type": "array", "items": {"type": "object"}},
        }
    ),
}
