"""Soniox: tokens, parts of words, each final on its own.

A final token is sent once, those that are not come anew in every response. ``<end>``
ends an utterance, ``<fin>`` answers a client that asked for finals. What was translated
is left out: nobody said it.
"""

from typing import Any

import msgspec
from msgspec import Struct

from workers.adapters.providers.growing import Growing, finished, grown
from workers.adapters.providers.provider import Provider, Segments
from workers.adapters.providers.sessions import Sessions, ended, heard
from workers.adapters.providers.speech import Piece, tag
from workers.adapters.providers.units import from_ms

NAME = "soniox"
ENDS = {"<end>": True, "<fin>": False}
"""The tokens that are signs, and whether an utterance ends there."""


class Memory(Struct, frozen=True, omit_defaults=True):
    """What has grown so far, and the sessions."""

    sessions: Sessions = Sessions()
    growing: Growing = Growing()
    language: str | None = None


class _Token(Struct):
    text: str = ""
    start_ms: float | None = None
    end_ms: float | None = None
    confidence: float | None = None
    is_final: bool = False
    speaker: str | int | None = None
    language: str | None = None
    translation_status: str | None = None


class _Response(Struct):
    tokens: list[_Token] = []
    finished: bool = False


_response = msgspec.json.Decoder(_Response).decode


def read(memory: Memory, message: bytes, stream_id: str) -> tuple[Memory, Segments]:
    """Read one response; ``finished`` ends its session."""
    response = _response(message)
    tokens = [one for one in response.tokens if one.translation_status != "translation"]
    ends = [from_ms(one.end_ms) for one in tokens if one.end_ms is not None]
    epoch, growing = memory.sessions.epoch, memory.growing
    sessions = heard(memory.sessions, ends[-1]) if ends else memory.sessions
    spoken = (tag(one.language) for one in tokens)
    language = next(filter(None, spoken), memory.language)
    fields: dict[str, Any] = {"stream_id": stream_id, "provider": NAME}
    segments: Segments = ()
    if sessions.epoch != epoch:
        segments = finished(growing, epoch=epoch, language=memory.language, **fields)
        growing = Growing()
    said_now: dict[str, Any] = {"epoch": sessions.epoch, "language": language, **fields}
    sure: list[Piece] = []
    for token in tokens:
        if token.is_final and token.text in ENDS:
            growing, now = grown(growing, sure, ended=ENDS[token.text], **said_now)
            segments += now
            sure = []
        elif token.is_final:
            sure.append(_piece(token))
    guess = [_piece(one) for one in tokens if not one.is_final]
    if sure or guess:
        growing, now = grown(growing, sure, guess, **said_now)
        segments += now
    if response.finished:
        segments += finished(growing, **said_now)
        growing, sessions = Growing(), ended(sessions)
    return Memory(sessions, growing, language), segments


def _piece(token: _Token) -> Piece:
    return Piece(
        text=token.text,
        start_s=from_ms(token.start_ms),
        end_s=from_ms(token.end_ms),
        confidence=token.confidence,
        speaker=None if token.speaker in (None, "") else str(token.speaker),
    )


PROVIDER = Provider(
    name=NAME,
    title="Soniox",
    units=("milliseconds",),
    semantics="append",
    maps="final tokens to segments that grow, with their spaces, and those not final "
    "behind them as a guess; words with times, confidence and finality; speaker; "
    "language; `<end>` to the end of an utterance; `finished`, or times that fall "
    "back, to `epoch`",
    unknown="stability of a guess; channels; when it was sent",
    memory=Memory,
    read=read,
)
