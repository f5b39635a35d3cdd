"""WhisperLive: its last ten segments in every message, of which the last may change.

Segments have no names, their times are text. Those that are completed come again ten
times over, so what ends before the end of the last completed one was said already.
Servers that do not say ``completed`` mean all but the last.
"""

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from workers.adapters.providers.provider import Provider, Segments
from workers.adapters.providers.sessions import Sessions, begun, ended, named
from workers.adapters.providers.speech import Piece, said, tag
from workers.adapters.providers.units import from_decimal

NAME = "whisperlive"
ROUNDED_S = 0.001
"""Times are written to the millisecond."""

Seconds = float | str | None


class Memory(Struct, frozen=True, omit_defaults=True):
    """How far the completed segments have come, and the sessions."""

    sessions: Sessions = Sessions()
    done_s: float = 0.0
    language: str | None = None


class _Word(Struct):
    word: str = ""
    start: Seconds = None
    end: Seconds = None
    probability: Seconds = None


class _Segment(Struct):
    start: Seconds
    end: Seconds
    text: str = ""
    completed: bool | None = None
    speaker: str | int | None = None
    words: list[_Word] | None = None


class _Message(Struct):
    uid: str | None = None
    message: str | float | None = None
    language: str | None = None
    segments: list[_Segment] | None = None


_message = msgspec.json.Decoder(_Message).decode


def read(memory: Memory, message: bytes, stream_id: str) -> tuple[Memory, Segments]:
    """Read one message; ``uid`` names the session, ``SERVER_READY`` begins one."""
    told = _message(message)
    epoch = memory.sessions.epoch
    if told.message == "SERVER_READY":
        memory = replace(memory, sessions=begun(memory.sessions, told.uid))
    sessions, own = named(memory.sessions, told.uid)
    if told.message == "DISCONNECT":
        sessions = ended(sessions)
    if sessions.epoch != epoch:
        memory = Memory(sessions, language=memory.language)
    memory = replace(
        memory, sessions=sessions, language=tag(told.language) or memory.language
    )
    segments: Segments = ()
    last = len(told.segments or ()) - 1
    for place, segment in enumerate(told.segments or ()):
        completed = place < last if segment.completed is None else segment.completed
        memory, now = _heard(memory, segment, stream_id, own, completed=completed)
        segments += now
    return memory, segments


def _heard(
    memory: Memory, segment: _Segment, stream_id: str, epoch: int, *, completed: bool
) -> tuple[Memory, Segments]:
    start_s, end_s = from_decimal(segment.start), from_decimal(segment.end)
    again = end_s is not None and end_s <= memory.done_s + ROUNDED_S
    if again or not segment.text.strip():
        return memory, ()
    if completed and end_s is not None:
        sessions = replace(memory.sessions, end_s=end_s)
        memory = replace(memory, done_s=end_s, sessions=sessions)
    return memory, said(
        segment.text,
        [_piece(word) for word in segment.words or ()],
        stream_id=stream_id,
        provider=NAME,
        is_final=completed,
        start_s=start_s,
        end_s=end_s,
        epoch=epoch,
        speaker=None if segment.speaker in (None, "") else str(segment.speaker),
        language=memory.language,
    )


def _piece(word: _Word) -> Piece:
    return Piece(
        text=word.word,
        start_s=from_decimal(word.start),
        end_s=from_decimal(word.end),
        confidence=from_decimal(word.probability),
    )


PROVIDER = Provider(
    name=NAME,
    title="WhisperLive",
    units=("decimal strings",),
    semantics="replace",
    maps="each segment once when it is `completed`, the last one as a guess; words "
    "with times and probability; speaker; the language it detected; `SERVER_READY`, "
    "or a new `uid`, to `epoch`",
    unknown="which guess a segment replaces (only time tells); stability; confidence "
    "of a segment; when it was sent",
    memory=Memory,
    read=read,
)
