"""What comes in: a recogniser's segment, a person's correction."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from schemas.fields import (
    MAX_ID_BYTES,
    MAX_TEXT_BYTES,
    MAX_WORDS,
    Count,
    Id,
    Language,
    MediaSeconds,
    Message,
    Share,
    Text,
    check_bytes,
    check_times,
)

Mode = Literal["replace", "append", "cumulative"]
"""What ``text`` is: all of this segment (``replace``), what follows the text sent
before (``append``), or the whole turn up to now (``cumulative``)."""


class Word(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One recognised word with its place in media time."""

    text: Text
    start_s: MediaSeconds | None = None
    end_s: MediaSeconds | None = None
    confidence: Share | None = None
    is_final: bool | None = None
    """The provider will not change this word; None where it does not say."""

    def __post_init__(self) -> None:
        """Refuse an end before its start."""
        start_s, end_s = self.start_s, self.end_s
        # Words are many: a call for each takes longer than to look.
        if start_s is not None and end_s is not None and end_s < start_s:
            check_times(start_s, end_s)


class CaptionSegment(Message, frozen=True, kw_only=True, tag=True):
    """One stretch of recognised speech; Kafka topic ``captions.segments.v1``."""

    text: Text
    is_final: bool
    """The provider has finished with this stretch of time."""
    mode: Mode = "replace"
    start_s: MediaSeconds | None = None
    """Media time of the first word; None where the provider gives none."""
    end_s: MediaSeconds | None = None
    segment_id: Id | None = None
    """The provider's own name for this stretch, the same in each of its versions."""
    sequence: Count | None = None
    """The provider's own count of messages."""
    epoch: Count = 0
    """Raised when a reconnect restarts the provider's times."""
    channel: Id | None = None
    speaker: Id | None = None
    language: Language | None = None
    words: Annotated[tuple[Word, ...], Meta(max_length=MAX_WORDS)] | None = None
    stability: Share | None = None
    confidence: Share | None = None
    end_of_utterance: bool = False
    end_of_stream: bool = False
    emitted_at: datetime | None = None
    """RFC 3339, with its offset from UTC: when the provider sent this."""
    stream_started_at: datetime | None = None
    """RFC 3339: the moment of media second 0."""
    provider: Id | None = None

    def __post_init__(self) -> None:
        """Refuse what the types cannot tell: bytes, order of times, naive times."""
        check_times(self.start_s, self.end_s)
        check_bytes("text", self.text, MAX_TEXT_BYTES)
        # Segments are many: a call for each name takes longer than to look.
        for value in (
            self.stream_id,
            self.segment_id,
            self.channel,
            self.speaker,
            self.provider,
        ):
            if value is not None and len(value) * 4 > MAX_ID_BYTES:
                self._check_names()
        if self.emitted_at is not None and self.emitted_at.tzinfo is None:
            raise ValueError("`emitted_at` has no offset from UTC")
        if self.stream_started_at is not None and self.stream_started_at.tzinfo is None:
            raise ValueError("`stream_started_at` has no offset from UTC")

    def _check_names(self) -> None:
        for name in ("stream_id", "segment_id", "channel", "speaker", "provider"):
            check_bytes(name, getattr(self, name), MAX_ID_BYTES)


class CaptionCorrection(Message, frozen=True, kw_only=True, tag=True):
    """A person's better text; Kafka topic ``captions.corrections.v1``."""

    caption_id: Id
    """A final caption, of the last twenty of its stream."""
    text: Text
    """All of the caption, as it should read."""
    corrected_by: Id
    """Stays in this record, refused or not: no state, event or log has it."""
    corrected_at: datetime
    """RFC 3339, with its offset from UTC: of two corrections the later one stands."""

    def __post_init__(self) -> None:
        """Refuse what the types cannot tell: bytes, a naive time."""
        check_bytes("text", self.text, MAX_TEXT_BYTES)
        for name in ("stream_id", "caption_id", "corrected_by"):
            check_bytes(name, getattr(self, name), MAX_ID_BYTES)
        if self.corrected_at.tzinfo is None:
            raise ValueError("`corrected_at` has no offset from UTC")
