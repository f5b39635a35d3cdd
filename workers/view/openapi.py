"""The API as an OpenAPI description, made from the messages and from one table."""

from importlib.metadata import version
from typing import Any

import msgspec

from workers.exports.hls import MAX_MPEGTS
from workers.view.openapi_schemas import REFERENCE, SCHEMAS
from workers.view.positions import READ

_KINDS = [kind for topic in READ for kind in topic.messages]
KINDS = frozenset(kind.__name__ for kind in _KINDS)
"""Names of the messages that clients may follow."""

_STREAM = {
    "name": "stream_id",
    "in": "path",
    "required": True,
    "description": "The stream, percent-encoded.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 256},
}
_PROFILE = {
    "name": "profile",
    "in": "query",
    "description": "Whose cues; one of the setting `profiles`, else its first.",
    "schema": {"type": "string"},
}
_DOWNLOAD = {
    "name": "download",
    "in": "query",
    "description": "Ask the browser to keep it as a file.",
    "schema": {"type": "boolean"},
}
_MPEGTS = {
    "name": "mpegts",
    "in": "query",
    "description": "What the video's clock of 90 kHz shows at media second 0.",
    "schema": {"type": "integer", "minimum": 0, "maximum": MAX_MPEGTS, "default": 0},
}
_LIMIT = {
    "name": "limit",
    "in": "query",
    "schema": {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 200},
}


def description() -> dict[str, Any]:
    """Return the description, OpenAPI 3.1."""
    _, messages = msgspec.json.schema_components(_KINDS, ref_template=REFERENCE)
    # Defaults are tuples in it, which no schema knows.
    messages = msgspec.json.decode(msgspec.json.encode(messages))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Captions, live",
            "version": version("caption-worker"),
            "description": "Live captions and topics of streams, and files of them.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{}, {"token": []}, {"cookie": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "caption_view"},
            },
            "schemas": {**messages, **SCHEMAS},
        },
    }


def _paths() -> dict[str, Any]:
    stream = "/streams/{stream_id}"
    return {
        "/streams": _get(
            "Streams, live and recent", _json("StreamList"), [_LIMIT], "listStreams"
        ),
        stream: _get("One stream", _json("Stream"), [_STREAM], "getStream"),
        f"{stream}/events": _get(
            "Follow a stream by server-sent events: `snapshot`, then the newest event "
            "about each thing that stands, then `live` and what comes, named as on "
            "Kafka. `Last-Event-ID` resumes. `gap`: something was missed, and a "
            "snapshot follows. `heartbeat`: every 10 s.",
            {"text/event-stream": {"schema": {"type": "string"}}},
            [
                _STREAM,
                {
                    "name": "types",
                    "in": "query",
                    "description": "Only these messages.",
                    "style": "form",
                    "explode": False,
                    "schema": {
                        "type": "array",
                        "items": {"type": "string", "enum": sorted(KINDS)},
                    },
                },
                {
                    "name": "Last-Event-ID",
                    "in": "header",
                    "description": "Or `last_event_id` in the query.",
                    "schema": {"type": "string"},
                },
            ],
            "followStream",
        ),
        f"{stream}/captions.vtt": _get(
            "Cues as WebVTT",
            {"text/vtt": {"schema": {"type": "string"}}},
            [_STREAM, _PROFILE, _DOWNLOAD],
            "getVtt",
        ),
        f"{stream}/captions.srt": _get(
            "Cues as SubRip",
            {"application/x-subrip": {"schema": {"type": "string"}}},
            [
                _STREAM,
                _PROFILE,
                {
                    "name": "speakers",
                    "in": "query",
                    "description": "Put names before what is said.",
                    "schema": {"type": "boolean"},
                },
                _DOWNLOAD,
            ],
            "getSrt",
        ),
        f"{stream}/captions.txt": _get(
            "A transcript, paragraphs by speaker under their topics",
            {"text/plain": {"schema": {"type": "string"}}},
            [_STREAM, _DOWNLOAD],
            "getTranscript",
        ),
        f"{stream}/captions.json": _get(
            "Captions and topics as they stand",
            _json("Transcript"),
            [_STREAM, _DOWNLOAD],
            "getCaptions",
        ),
        f"{stream}/chapters.vtt": _get(
            "Topics as WebVTT chapters",
            {"text/vtt": {"schema": {"type": "string"}}},
            [_STREAM, _DOWNLOAD],
            "getChapters",
        ),
        f"{stream}/hls/captions.m3u8": _get(
            "HLS playlist of the cues: rolling, or all with `from=start`",
            {"application/vnd.apple.mpegurl": {"schema": {"type": "string"}}},
            [
                _STREAM,
                _PROFILE,
                _MPEGTS,
                {
                    "name": "from",
                    "in": "query",
                    "schema": {"type": "string", "enum": ["start"]},
                },
            ],
            "getPlaylist",
        ),
        f"{stream}/hls/{{number}}.vtt": _get(
            "One HLS segment",
            {"text/vtt": {"schema": {"type": "string"}}},
            [
                _STREAM,
                {
                    "name": "number",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "integer", "minimum": 0},
                },
                _PROFILE,
                _MPEGTS,
            ],
            "getSegment",
        ),
        "/topics": _get(
            "Topics of all streams, or of one",
            _json("TopicList"),
            [
                {"name": "stream_id", "in": "query", "schema": {"type": "string"}},
                _LIMIT,
            ],
            "listTopics",
        ),
        "/session": {
            "post": {
                "operationId": "beginSession",
                "summary": "Change the token for a cookie, for a browser",
                "security": [{"token": []}],
                "responses": {
                    "204": {"description": "The cookie is set."},
                    "4XX": _PROBLEM,
                },
            }
        },
        "/live": _get("Whether this process answers", _json("Live"), [], "getLive"),
        "/ready": _get(
            "Whether captions come through; 503 if not", _json("Ready"), [], "getReady"
        ),
        "/openapi.json": _get(
            "This description", {"application/json": {}}, [], "getDescription"
        ),
    }


def _get(
    summary: str, content: dict[str, Any], parameters: list[Any], name: str
) -> dict[str, Any]:
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": parameters,
            "responses": {
                "200": {"description": "As asked.", "content": content},
                "4XX": _PROBLEM,
                "503": _PROBLEM,
            },
        }
    }


def _json(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": REFERENCE.format(name=name)}}}


_PROBLEM = {
    "description": "What is wrong with the request, and what to do (RFC 9457).",
    "content": {
        "application/problem+json": {
            "schema": {"$ref": REFERENCE.format(name="Problem")}
        }
    },
}
