"""WhisperLiveKit: all lines in every message, or what changed of them.

The text of a line is committed and grows; ``buffer_diarization`` and
``buffer_transcription`` follow it as a guess. So of each line only what is new is
taken, and grows to utterances. In mode ``diff`` a message has the lines from the first
that changed on, and says how many there are in all. Lines are told by their number
since the beginning: the server takes old ones away in front. Times are whole seconds,
or hundredths; a line says its own, so those of its words are shared out.
"""

from typing import Any
from zlib import crc32

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from workers.adapters.providers.growing import Growing, finished, grown
from workers.adapters.providers.provider import Provider, Segments, kind_of
from workers.adapters.providers.sessions import Sessions, begun, ended
from workers.adapters.providers.speech import Piece, tag
from workers.adapters.providers.units import from_clock

NAME = "whisperlivekit"
SILENCE = -2
"""The speaker of a line in which nobody speaks."""


class Memory(Struct, frozen=True, omit_defaults=True):
    """What was taken of the lines, and what grows."""

    sessions: Sessions = Sessions()
    growing: Growing = Growing()
    pruned: int = 0
    """Lines that the server no longer sends."""
    line: int = 0
    """The line that grows now, counted from the first of the session."""
    length: int = 0
    """Code points taken of it."""
    print: int = 0
    """Their CRC-32: a line may also be written anew."""
    end_s: float = 0.0
    """How far it had come."""
    language: str | None = None


class _Line(Struct):
    text: str | None = None
    speaker: int | str | None = None
    start: str | None = None
    end: str | None = None
    detected_language: str | None = None


class _Update(Struct):
    lines: list[_Line] | None = None
    new_lines: list[_Line] | None = None
    n_lines: int | None = None
    lines_pruned: int = 0
    buffer_transcription: str = ""
    buffer_diarization: str = ""
    remaining_time_transcription: float = 0.0


_update = msgspec.json.Decoder(_Update).decode


def read(memory: Memory, message: bytes, stream_id: str) -> tuple[Memory, Segments]:
    """Read one message; ``config`` begins a session, ``ready_to_stop`` ends it."""
    match kind_of(message):
        case "config":
            segments = _finished(memory, stream_id)
            return Memory(begun(memory.sessions)), segments
        case "ready_to_stop":
            segments = _finished(memory, stream_id)
            return Memory(ended(memory.sessions)), segments
        case None | "snapshot" | "diff" | "transcript_update":
            return _heard(memory, _update(message), stream_id)
        case _:
            return memory, ()


def _heard(memory: Memory, update: _Update, stream_id: str) -> tuple[Memory, Segments]:
    if memory.sessions.ended:
        memory = Memory(begun(memory.sessions))
    pruned = memory.pruned + max(0, update.lines_pruned)
    if update.lines is not None:
        first, lines = pruned, update.lines
    else:
        lines = update.new_lines or []
        first = pruned + max(0, (update.n_lines or len(lines)) - len(lines))
    memory = replace(memory, pruned=pruned)
    segments: Segments = ()
    for place, line in enumerate(lines, start=first):
        if place >= memory.line:
            memory, now = _line(memory, place, line, stream_id)
            segments += now
    return _guessed(memory, update, segments, stream_id)


def _line(
    memory: Memory, place: int, line: _Line, stream_id: str
) -> tuple[Memory, Segments]:
    """Take what is new of a line; another line than the last one ends that."""
    segments: Segments = ()
    start_s, end_s = from_clock(line.start), from_clock(line.end)
    if place != memory.line:
        segments = _finished(memory, stream_id)
        memory = replace(
            memory,
            growing=Growing(),
            line=place,
            length=0,
            print=0,
            end_s=start_s or 0.0,
        )
    text = line.text or ""
    if line.speaker == SILENCE or not text.strip():
        return memory, segments
    fresh = _fresh(memory, text)
    end_s = max(memory.end_s, end_s or 0.0)
    pieces = []
    if fresh.strip():
        speaker = None if line.speaker is None else str(line.speaker)
        from_s = memory.end_s if memory.length else start_s
        pieces = [Piece(fresh, from_s, end_s, None, None, speaker)]
    memory = replace(
        memory,
        length=len(text),
        print=crc32(text.encode()),
        end_s=end_s,
        language=tag(line.detected_language) or memory.language,
        sessions=replace(memory.sessions, end_s=end_s),
    )
    growing, now = grown(memory.growing, pieces, **_fields(memory, stream_id))
    return replace(memory, growing=growing), segments + (now if pieces else ())


def _fresh(memory: Memory, text: str) -> str:
    """Return what a line says beyond what was taken of it.

    If that was written anew, as much as was taken is passed over: it stands.
    """
    taken = text[: memory.length]
    if crc32(taken.encode()) == memory.print or not memory.length:
        return text[memory.length :]
    return text[memory.length :] if len(text) > memory.length else ""


def _guessed(
    memory: Memory, update: _Update, segments: Segments, stream_id: str
) -> tuple[Memory, Segments]:
    """Put what is not committed behind the line."""
    guess = f"{update.buffer_diarization} {update.buffer_transcription}".strip()
    if not guess:
        return memory, segments
    end_s = memory.end_s + max(0.0, update.remaining_time_transcription)
    growing, now = grown(
        memory.growing,
        (),
        [Piece(f" {guess}", memory.end_s, end_s)],
        **_fields(memory, stream_id),
    )
    return replace(memory, growing=growing), _without_guess(segments) + now


def _without_guess(segments: Segments) -> Segments:
    """Leave out an interim that the next one says anew."""
    return tuple(one for one in segments if one.is_final)


def _finished(memory: Memory, stream_id: str) -> Segments:
    return finished(memory.growing, **_fields(memory, stream_id))


def _fields(memory: Memory, stream_id: str) -> dict[str, Any]:
    return {
        "stream_id": stream_id,
        "provider": NAME,
        "epoch": memory.sessions.epoch,
        "language": memory.language,
    }


PROVIDER = Provider(
    name=NAME,
    title="WhisperLiveKit",
    units=("clock strings",),
    semantics="cumulative",
    maps="the committed text of its lines to segments that grow, and its buffers "
    "behind them as a guess; full updates, snapshots and diffs; speaker (a line of "
    "silence is none); detected language; `config` to `epoch`",
    unknown="times of words (a line's, to the second, are shared out); a change of "
    "text that was committed, or given to another speaker; stability; confidence",
    memory=Memory,
    read=read,
)
