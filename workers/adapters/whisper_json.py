"""Whisper's JSON: ``segments`` of openai-whisper and its kin, or whisper.cpp's form.

Times are seconds in ``segments`` (numbers, or texts as WhisperLive writes them) and
milliseconds in whisper.cpp's ``offsets``. Each entry is one final segment that stands
for itself (mode ``replace``).
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct, field

from schemas.segment import CaptionSegment, Word
from workers.adapters.timed import ReadError, Timed, final, in_order

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class _Word(Struct):
    word: str
    start: float | None = None
    end: float | None = None
    probability: float | None = None
    score: float | None = None
    """WhisperX's name for the probability."""


class _Segment(Struct):
    text: str
    start: float | None = None
    end: float | None = None
    words: list[_Word] | None = None
    speaker: str | None = None
    """Only WhisperX tells who spoke."""


class _Transcript(Struct):
    segments: list[_Segment]
    language: str | None = None


class _Offsets(Struct):
    end_ms: int = field(name="to")
    start_ms: int = field(name="from")


class _CppSegment(Struct):
    text: str
    offsets: _Offsets


class _CppResult(Struct):
    language: str | None = None


class _CppTranscript(Struct):
    transcription: list[_CppSegment]
    result: _CppResult = field(default_factory=_CppResult)


def is_whisper(value: Any) -> bool:
    """Tell whether a JSON value is one of the forms; a bare list of segments is."""
    if isinstance(value, dict):
        return "segments" in value or "transcription" in value
    return isinstance(value, list)


def parse(text: str) -> Any:
    """Read JSON as Whisper writes it: openai-whisper puts ``NaN`` where it has none.

    Raises:
        ReadError: It is not JSON; the message names line and column.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ReadError(f"{place}: not JSON: {error.msg}") from error
    except (RecursionError, ValueError) as error:
        # A number of thousands of digits is a ValueError.
        raise ReadError("not JSON that can be read: too deep or too long") from error


def read(value: Any, stream_id: str) -> list[Timed]:
    """Read a transcript that :func:`parse` gave.

    Raises:
        ReadError: It has not the fields it should have, or is over a bound.
    """
    if isinstance(value, list):
        value = {"segments": value}
    try:
        if isinstance(value, dict) and "segments" in value:
            segments = _from_openai(
                msgspec.convert(value, _Transcript, strict=False), stream_id
            )
        else:
            segments = _from_cpp(
                msgspec.convert(value, _CppTranscript, strict=False), stream_id
            )
        return in_order(segments)
    except msgspec.ValidationError as error:
        raise ReadError(f"not Whisper's JSON: {error}") from error


def _from_openai(transcript: _Transcript, stream_id: str) -> Iterator[CaptionSegment]:
    for number, segment in enumerate(transcript.segments, start=1):
        if text := _whole(segment.text):
            yield final(
                f"segment {number}",
                stream_id=stream_id,
                text=text,
                start_s=segment.start,
                end_s=segment.end,
                words=tuple(map(_word, segment.words or ())),
                speaker=_whole(segment.speaker or "") or None,
                language=_language(transcript.language),
            )


def _from_cpp(transcript: _CppTranscript, stream_id: str) -> Iterator[CaptionSegment]:
    for number, segment in enumerate(transcript.transcription, start=1):
        if text := _whole(segment.text):
            yield final(
                f"segment {number}",
                stream_id=stream_id,
                text=text,
                start_s=segment.offsets.start_ms / 1000,
                end_s=segment.offsets.end_ms / 1000,
                language=_language(transcript.result.language),
            )


def _word(word: _Word) -> Word:
    """Take a word over; what is no number is not known."""
    start_s, end_s = _finite(word.start), _finite(word.end)
    if start_s is not None and end_s is not None:
        end_s = max(start_s, end_s)
    confidence = _finite(word.score if word.probability is None else word.probability)
    if confidence is not None:
        confidence = min(1.0, max(0.0, confidence))
    return Word(
        text=_whole(word.word), start_s=start_s, end_s=end_s, confidence=confidence
    )


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None


def _whole(text: str) -> str:
    """Trim, and mark halves of characters: tokens are cut inside of them."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text).strip()


def _language(name: str | None) -> str | None:
    """Keep a language tag; OpenAI's service writes ``english``, which is none."""
    return name if name is not None and _TAG.fullmatch(name) else None
