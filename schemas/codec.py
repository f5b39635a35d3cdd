"""Bytes to messages and back: the only decoder and encoder on the wire."""

from typing import Any, Generic, Literal, TypeVar

import msgspec

from schemas.captions import CaptionEvent, Cue
from schemas.fields import Message
from schemas.metrics import StreamMetrics
from schemas.phrases import PhraseSpotted
from schemas.segment import CaptionCorrection, CaptionSegment
from schemas.topics import EnrichedCaption, TopicEvent

Reason = Literal["null_key", "null_value", "not_json", "invalid", "key_mismatch"]

M = TypeVar("M", bound=Message)


class BadMessageError(ValueError):
    """Bytes that are no message of the expected kind; *reason* is one word."""

    def __init__(self, reason: Reason, error: str) -> None:
        super().__init__(error)
        self.reason = reason


class MessageDecoder(Generic[M]):
    """Reads one kind of message, strictly: no type is converted to another.

    Unknown fields are ignored, so that a field may be added within ``v1``.
    """

    def __init__(self, kind: Any) -> None:
        self._decode = msgspec.json.Decoder(kind, strict=True).decode

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
        try:
            message: M = self._decode(value)
        except msgspec.ValidationError as error:
            raise BadMessageError("invalid", str(error)) from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BadMessageError("not_json", str(error)) from error
        if message.stream_id.encode() != key:
            raise BadMessageError("key_mismatch", "the key is not the `stream_id`")
        return message


SEGMENT: MessageDecoder[CaptionSegment] = MessageDecoder(CaptionSegment)
CORRECTION: MessageDecoder[CaptionCorrection] = MessageDecoder(CaptionCorrection)
CAPTION_EVENT: MessageDecoder[Message] = MessageDecoder(CaptionEvent)
EVENT: MessageDecoder[Message] = MessageDecoder(
    CaptionEvent | Cue | EnrichedCaption | TopicEvent | PhraseSpotted | StreamMetrics
)
"""Any message that we write."""

encode = msgspec.json.Encoder(order=None).encode
"""Write a message as compact JSON, in UTF-8."""
