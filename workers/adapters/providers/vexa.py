"""Vexa: segments of people in a meeting, drafts and confirmed ones, by name.

They come as a bundle of one speaker (``confirmed``, ``pending``), as a list
(``segments``), or one by one. What is confirmed comes again, also under the name of
another speaker once that is known, with its own time and words: it is said once. A
draft is cut off with three dots; a segment of no length is no speech.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zlib import crc32

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from schemas.fields import MAX_MEDIA_S
from workers.adapters.providers.provider import Provider, Segments
from workers.adapters.providers.sessions import Sessions, named
from workers.adapters.providers.speech import Piece, said, share

NAME = "vexa"
_NAME = re.compile(r"(.+):[^:]*:\d+")
REMEMBERED = 64
"""Confirmed segments that may come again."""


class Memory(Struct, frozen=True, omit_defaults=True):
    """Fingerprints of what is confirmed, and the sessions of the bot."""

    sessions: Sessions = Sessions()
    confirmed: tuple[int, ...] = ()


class _Word(Struct):
    word: str = ""
    start: float | None = None
    end: float | None = None
    probability: float | None = None


class _Segment(Struct):
    text: str = ""
    segment_id: str | None = None
    speaker: str | None = None
    speaker_key: str | None = None
    start: float | None = None
    end: float | None = None
    language: str | None = None
    completed: bool = False
    absolute_start_time: str | None = None
    confidence: float | None = None
    words: list[_Word] | None = None


class _Message(_Segment):
    confirmed: list[_Segment] | None = None
    pending: list[_Segment] | None = None
    segments: list[_Segment] | None = None


_message = msgspec.json.Decoder(_Message).decode


def read(memory: Memory, message: bytes, stream_id: str) -> tuple[Memory, Segments]:
    """Read one message; the bot's session is the first part of a segment's name."""
    segments: Segments = ()
    for segment, completed in _segments(_message(message)):
        memory, now = _heard(memory, segment, stream_id, completed=completed)
        segments += now
    return memory, segments


def _segments(told: _Message) -> Iterator[tuple[_Segment, bool]]:
    lists = (told.confirmed, told.pending, told.segments)
    if all(one is None for one in lists):
        yield told, told.completed
        return
    for segment in told.confirmed or ():
        yield _with_speaker(segment, told), True
    for segment in told.pending or ():
        yield _with_speaker(segment, told), False
    for segment in told.segments or ():
        yield segment, segment.completed


def _heard(
    memory: Memory, segment: _Segment, stream_id: str, *, completed: bool
) -> tuple[Memory, Segments]:
    times = [one for one in (segment.start, segment.end) if one is not None]
    start_s, end_s = min(times, default=None), max(times, default=None)
    text = segment.text if completed else segment.text.rstrip().removesuffix("...")
    if not text.strip() or (start_s == end_s and start_s is not None):
        return memory, ()
    said_before = crc32(f"{start_s}-{end_s}-{' '.join(text.split())}".encode())
    if said_before in memory.confirmed:
        return memory, ()
    sessions, epoch = named(memory.sessions, _session(segment.segment_id))
    if sessions.epoch != memory.sessions.epoch:
        memory = Memory(sessions)
    confirmed = (*memory.confirmed, said_before)[-REMEMBERED:]
    memory = Memory(sessions, confirmed if completed else memory.confirmed)
    return memory, said(
        text,
        [
            Piece(one.word, one.start, one.end, one.probability)
            for one in segment.words or ()
        ],
        stream_id=stream_id,
        provider=NAME,
        is_final=completed,
        start_s=start_s,
        end_s=end_s,
        epoch=epoch,
        segment_id=segment.segment_id or None,
        channel=segment.speaker_key or None,
        speaker=segment.speaker or None,
        language=segment.language or None,
        confidence=share(segment.confidence),
        stream_started_at=_second_0(segment.absolute_start_time, segment.start),
    )


def _with_speaker(segment: _Segment, bundle: _Message) -> _Segment:
    return replace(segment, speaker=segment.speaker or bundle.speaker)


def _session(segment_id: str | None) -> str | None:
    """Return the bot's session of ``session:speaker:milliseconds``."""
    found = _NAME.fullmatch(segment_id or "")
    return found[1] if found else None


def _second_0(spoken: str | None, start_s: float | None) -> datetime | None:
    """Return the moment of media second 0, where one that has an offset is told."""
    if spoken is None or start_s is None or not 0 <= start_s <= MAX_MEDIA_S:
        return None
    moment = msgspec.convert(spoken, datetime)
    return None if moment.tzinfo is None else moment - timedelta(seconds=start_s)


PROVIDER = Provider(
    name=NAME,
    title="Vexa",
    units=("seconds",),
    semantics="replace",
    maps="drafts and confirmed segments, in bundles, lists or alone; `segment_id`, "
    "and the session in it to `epoch`; `speaker_key` to channel, speaker; words with "
    "times; confidence; language; `absolute_start_time` to `stream_started_at`",
    unknown="that a speaker got another name after it was confirmed; stability; when "
    "it was sent; the end of a meeting",
    memory=Memory,
    read=read,
)
