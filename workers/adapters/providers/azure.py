"""Azure Speech: hypotheses and phrases, in ticks of 100 ns.

They come as the service's JSON (``Text`` for a guess, ``RecognitionStatus`` and
``DisplayText`` for what was recognised) or as the result objects of its SDKs
(``Reason``, ``OffsetInTicks``). A guess need not begin as the one before it did, and an
older one may come late: such a guess ends earlier than what was heard of its stretch,
and is left out. Ids name messages, not stretches.
"""

from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from workers.adapters.providers.provider import Provider, Segments
from workers.adapters.providers.sessions import Sessions, heard
from workers.adapters.providers.speech import Piece, said, share
from workers.adapters.providers.units import from_ticks

NAME = "azure"
MOST_CHANNELS = 16

_RECOGNISED: Final = {"Success", "RecognizedSpeech"}
_NOTHING: Final = {"NoMatch"}


class Turn(Struct, frozen=True, omit_defaults=True):
    """What was heard of a channel's newest stretch."""

    channel: str | None
    start_s: float
    end_s: float


class Memory(Struct, frozen=True, omit_defaults=True):
    """The newest stretch of each channel, and the sessions."""

    sessions: Sessions = Sessions()
    turns: tuple[Turn, ...] = ()


class _Word(Struct, rename="pascal"):
    word: str = ""
    offset: int | None = None
    duration: int | None = None
    confidence: float | None = None


class _Best(Struct, rename="pascal"):
    display: str | None = None
    confidence: float | None = None
    words: list[_Word] = []


class _Language(Struct, rename="pascal"):
    language: str = ""


class _Result(Struct, rename="pascal"):
    recognition_status: str | None = None
    reason: str | None = None
    text: str | None = None
    display_text: str | None = None
    offset: int | None = None
    offset_in_ticks: int | None = None
    duration: int | None = None
    n_best: list[_Best] = msgspec.field(name="NBest", default_factory=list)
    primary_language: str | _Language | None = None
    speaker_id: str | None = None
    channel: int | None = None


_result = msgspec.json.Decoder(_Result).decode


def read(memory: Memory, message: bytes, stream_id: str) -> tuple[Memory, Segments]:
    """Read one hypothesis, phrase or result."""
    result = _result(message)
    status = result.recognition_status or result.reason
    offset = result.offset if result.offset_in_ticks is None else result.offset_in_ticks
    start_s = from_ticks(offset)
    if start_s is None:
        return memory, ()
    if status in (None, "RecognizingSpeech"):
        text, is_final = result.text or "", False
    elif status in _RECOGNISED:
        text, is_final = _recognised(result), True
    elif status in _NOTHING:
        text, is_final = "", True
    else:
        return memory, ()
    if not text.strip() and not is_final:
        return memory, ()
    end_s = start_s + (from_ticks(result.duration) or 0.0)
    channel = None if result.channel is None else str(result.channel)
    sessions = heard(memory.sessions, end_s)
    if sessions.epoch != memory.sessions.epoch:
        memory = Memory()
    turn = next((one for one in memory.turns if one.channel == channel), None)
    if not is_final and turn and start_s <= turn.start_s and end_s < turn.end_s:
        return replace(memory, sessions=sessions), ()
    rest = tuple(one for one in memory.turns if one.channel != channel)
    newest = Turn(channel, start_s, end_s)
    memory = Memory(sessions, (*rest, newest)[-MOST_CHANNELS:])
    best = result.n_best[0] if result.n_best else _Best()
    return memory, said(
        text,
        [_piece(word) for word in best.words],
        stream_id=stream_id,
        provider=NAME,
        is_final=is_final,
        start_s=start_s,
        end_s=end_s,
        epoch=sessions.epoch,
        channel=channel,
        speaker=None if result.speaker_id in ("", "Unknown") else result.speaker_id,
        language=_language(result.primary_language),
        confidence=share(best.confidence),
    )


def _recognised(result: _Result) -> str:
    """Return what was recognised; detailed results have it in their best one."""
    best = result.n_best[0].display if result.n_best else None
    return result.display_text or best or result.text or ""


def _piece(word: _Word) -> Piece:
    start_s = from_ticks(word.offset)
    length_s = from_ticks(word.duration)
    known = start_s is not None and length_s is not None
    return Piece(
        text=word.word,
        start_s=start_s,
        end_s=(start_s or 0) + (length_s or 0) if known else None,
        confidence=word.confidence,
    )


def _language(told: str | _Language | None) -> str | None:
    return (told.language if isinstance(told, _Language) else told) or None


PROVIDER = Provider(
    name=NAME,
    title="Azure Speech",
    units=("100 ns ticks",),
    semantics="replace",
    maps="hypotheses and phrases, as JSON of the service or results of an SDK; "
    "`NoMatch` to an empty final; the words of the best result where they are as many "
    "as those displayed; confidence; `SpeakerId`; `Channel`; `PrimaryLanguage`; times "
    "that fall back to `epoch`",
    unknown="which guess a message replaces (only time tells); stability; the end of "
    "an utterance, but for its final; when it was sent",
    memory=Memory,
    read=read,
)
