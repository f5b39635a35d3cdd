"""Speechmatics real time: finals that only add, partials that replace what follows.

A final may be a few words, or a mark that belongs to the last word of the one before:
``attaches_to`` says where no space goes. So finals grow to utterances, with the partial
behind them as a guess. Channels grow side by side.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from workers.adapters.providers.growing import Growing, finished, grown
from workers.adapters.providers.provider import Provider, Segments, kind_of
from workers.adapters.providers.sessions import Sessions, begun, ended, heard
from workers.adapters.providers.speech import Piece, tag

NAME = "speechmatics"
MOST_CHANNELS = 6
"""More would take each other's place."""


class Line(Struct, frozen=True, omit_defaults=True):
    """What grows on one channel."""

    channel: str | None = None
    language: str | None = None
    growing: Growing = Growing()


class Memory(Struct, frozen=True, omit_defaults=True):
    """What grows on each channel, and the sessions."""

    sessions: Sessions = Sessions()
    lines: tuple[Line, ...] = ()


class _Alternative(Struct):
    content: str = ""
    confidence: float | None = None
    speaker: str | None = None
    language: str | None = None


class _Result(Struct):
    type: str = "word"
    start_time: float | None = None
    end_time: float | None = None
    attaches_to: str | None = None
    is_eos: bool = False
    alternatives: list[_Alternative] = []


class _Transcript(Struct):
    results: list[_Result] = []
    channel: str | None = None


_transcript = msgspec.json.Decoder(_Transcript).decode


def read(memory: Memory, message: bytes, stream_id: str) -> tuple[Memory, Segments]:
    """Read one message; ``RecognitionStarted`` begins a session."""
    match kind_of(message, "message"):
        case "RecognitionStarted":
            segments = _all_finished(memory, stream_id)
            return Memory(begun(memory.sessions)), segments
        case "EndOfTranscript":
            segments = _all_finished(memory, stream_id)
            return Memory(ended(memory.sessions)), segments
        case "EndOfUtterance":
            return _heard(
                memory,
                _Transcript(channel=_transcript(message).channel),
                stream_id,
                ends=True,
            )
        case "AddTranscript":
            return _heard(memory, _transcript(message), stream_id)
        case "AddPartialTranscript":
            return _heard(memory, _transcript(message), stream_id, guess=True)
        case _:
            return memory, ()


def _heard(
    memory: Memory,
    transcript: _Transcript,
    stream_id: str,
    *,
    guess: bool = False,
    ends: bool = False,
) -> tuple[Memory, Segments]:
    pieces = _pieces(transcript.results)
    end_s = max((one.end_s for one in pieces if one.end_s is not None), default=None)
    epoch = memory.sessions.epoch
    sessions = heard(memory.sessions, end_s)
    segments: Segments = ()
    if sessions.epoch != epoch:
        segments = _all_finished(memory, stream_id)
        memory = Memory()
    line = next(
        (one for one in memory.lines if one.channel == transcript.channel),
        Line(transcript.channel),
    )
    spoken = (
        tag(one.language)
        for result in transcript.results
        for one in result.alternatives
    )
    line = replace(line, language=next(filter(None, spoken), line.language))
    growing, now = grown(
        line.growing,
        [] if guess else pieces,
        pieces if guess else [],
        ended=ends,
        epoch=sessions.epoch,
        **_fields(line, stream_id),
    )
    rest = tuple(one for one in memory.lines if one.channel != line.channel)
    if now:
        # Only then was it checked what the channel is called.
        rest = (*rest, replace(line, growing=growing))[-MOST_CHANNELS:]
    elif line in memory.lines:
        rest = memory.lines
    return Memory(sessions, rest), segments + now


def _pieces(results: Sequence[_Result]) -> list[Piece]:
    """Return words and marks, with a space where one goes."""
    pieces = []
    glued = False
    for result in results:
        if not result.alternatives or result.type not in ("word", "punctuation"):
            continue
        best = result.alternatives[0]
        joins = glued or result.attaches_to in ("previous", "both")
        pieces.append(
            Piece(
                text=best.content if joins else f" {best.content}",
                start_s=result.start_time,
                end_s=result.end_time,
                confidence=best.confidence if result.type == "word" else None,
                speaker=best.speaker if best.speaker not in ("", "UU") else None,
            )
        )
        glued = result.attaches_to in ("next", "both")
    return pieces


def _all_finished(memory: Memory, stream_id: str) -> Segments:
    return tuple(
        segment
        for line in memory.lines
        for segment in finished(
            line.growing, epoch=memory.sessions.epoch, **_fields(line, stream_id)
        )
    )


def _fields(line: Line, stream_id: str) -> dict[str, Any]:
    return {
        "stream_id": stream_id,
        "provider": NAME,
        "channel": line.channel,
        "language": line.language,
    }


PROVIDER = Provider(
    name=NAME,
    title="Speechmatics",
    units=("seconds",),
    semantics="append",
    maps="words and marks of `AddTranscript` to segments that grow, joined by "
    "`attaches_to`, with `AddPartialTranscript` behind them as a guess; times, "
    "confidence, speaker (`UU` is none), language; `channel`; `EndOfUtterance`; "
    "`RecognitionStarted` to `epoch`",
    unknown="stability of a guess; when it was sent; spaces in languages without them "
    "(it marks only what attaches)",
    memory=Memory,
    read=read,
)
