"""Bytes to messages and back: the only decoder and encoder on the wire."""

import json
from typing import Any, Generic, Literal, TypeVar

import msgspec

from schemas.captions import CaptionEvent, Cue
from schemas.fields import Message
from schemas.metrics import StreamMetrics
from schemas.phrases import PhraseSpotted
from schemas.segment import CaptionCorrection, CaptionSegment
from schemas.topics import EnrichedCaption, TopicEvent

LARGEST_MESSAGE = 1_048_576
"""Bytes; several times what a segment within its bounds needs. Kafka takes no more
unless it is told to, but what it takes may be compressed."""

encode = msgspec.json.Encoder(order=None).encode
"""Write a message as compact JSON, in UTF-8."""

Reason = Literal["null_key", "null_value", "not_json", "invalid", "key_mismatch"]

M = TypeVar("M", bound=Message)


class BadMessageError(ValueError):
    """Bytes that are no message of the expected kind; *reason* is one word."""

    def __init__(self, reason: Reason, error: str) -> None:
        super().__init__(error)
        self.reason = reason


class _KeyTwiceError(Exception):
    """An object has a key twice; which value counts, readers do not agree on."""


def _once(pairs: list[tuple[str, object]]) -> None:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise _KeyTwiceError(f"{key[:50]!r} is there twice")
        seen.add(key)


_look_through = json.JSONDecoder(
    object_pairs_hook=_once, parse_int=str, parse_float=str
).decode
_loads = msgspec.json.Decoder().decode
_SPACE = b" \t\n\r"


def _may_have_a_key_twice(value: bytes) -> bool:
    """Tell it of valid JSON in two looks: to be sure costs twenty times as much.

    Where there is no space at all, a quote before a colon ends a key, or is escaped in
    a string. So if there are no more of them than the keys that were kept, all were.
    """
    try:
        message = _loads(value)
    except msgspec.DecodeError:  # a number too large, in a field nobody knows
        return True
    kept = len(message)
    words = message.get("words")
    if words:
        kept += sum(map(len, words))
    return value.translate(None, _SPACE).count(b'":') != kept


class MessageDecoder(Generic[M]):
    """Reads one kind of message, strictly: no type is converted to another.

    Unknown fields are ignored, so that a field may be added within ``v1``.

    Args:
        kind: The type, or several.
        foreign: Whether others write it: then a key that is there twice is refused,
            and more than ``LARGEST_MESSAGE`` bytes are not looked at.
    """

    def __init__(self, kind: Any, *, foreign: bool = False) -> None:
        self._decode = msgspec.json.Decoder(kind, strict=True).decode
        self._foreign = foreign

    def decode(self, key: bytes | None, value: bytes | None) -> M:
        """Read the message of one Kafka record.

        Raises:
            BadMessageError: Key or value are missing, not JSON, not of this kind or
                over its bounds, or the key is not the ``stream_id``.
        """
        if key is None:
            raise BadMessageError("null_key", "the record has no key")
        if value is None:
            raise BadMessageError("null_value", "the record has no value")
        if self._foreign and len(value) > LARGEST_MESSAGE:
            raise BadMessageError(
                "invalid", f"{len(value)} bytes, at most {LARGEST_MESSAGE}"
            )
        try:
            message: M = self._decode(value)
            if (
                self._foreign
                # What we would write ourselves, to the byte, has each key once.
                and encode(message) != value
                and _may_have_a_key_twice(value)
            ):
                _look_through(value.decode())
        except _KeyTwiceError as error:
            raise BadMessageError("invalid", str(error)) from error
        except msgspec.ValidationError as error:
            raise BadMessageError("invalid", str(error)) from error
        except (
            msgspec.DecodeError,
            json.JSONDecodeError,
            UnicodeDecodeError,
            RecursionError,
        ) as error:
            raise BadMessageError("not_json", str(error)) from error
        if message.stream_id.encode() != key:
            raise BadMessageError("key_mismatch", "the key is not the `stream_id`")
        return message


SEGMENT: MessageDecoder[CaptionSegment] = MessageDecoder(CaptionSegment, foreign=True)
CORRECTION: MessageDecoder[CaptionCorrection] = MessageDecoder(
    CaptionCorrection, foreign=True
)
CAPTION_EVENT: MessageDecoder[Message] = MessageDecoder(CaptionEvent)
EVENT: MessageDecoder[Message] = MessageDecoder(
    CaptionEvent | Cue | EnrichedCaption | TopicEvent | PhraseSpotted | StreamMetrics
)
"""Any message that we write."""
