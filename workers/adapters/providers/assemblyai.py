"""AssemblyAI v3: ``Turn``, the whole turn each time, and its formatted twin.

With ``format_turns`` the end of a turn comes twice: plain, then with capitals and
marks. No message says whether a twin will come. So the plain end is a guess until one
comes, or until a later turn or the end of the session shows that none does; from then
on the plain end is the final. Where twins come, a word that is final may still get its
capital, so ``word_is_final`` is taken over only where none do.
"""

from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from schemas.segment import CaptionSegment
from workers.adapters.providers.provider import Provider, Segments, kind_of
from workers.adapters.providers.sessions import Sessions, begun, ended, heard
from workers.adapters.providers.speech import Piece, said
from workers.adapters.providers.units import from_ms

NAME = "assemblyai"


class Plain(Struct, frozen=True, omit_defaults=True):
    """A turn that has ended, as it was before it is formatted."""

    turn: int
    text: str
    start_s: float | None = None
    end_s: float | None = None
    speaker: str | None = None
    language: str | None = None


class Memory(Struct, frozen=True, omit_defaults=True):
    """The turn that waits for its twin, whether they come, and the sessions."""

    sessions: Sessions = Sessions()
    plain: Plain | None = None
    formats: bool | None = None
    """Whether twins come; None until that shows."""


class _Word(Struct):
    text: str = ""
    start: float | None = None
    end: float | None = None
    confidence: float | None = None
    word_is_final: bool | None = None


class _Turn(Struct):
    turn_order: int
    transcript: str = ""
    end_of_turn: bool = False
    turn_is_formatted: bool = False
    words: list[_Word] = []
    language_code: str | None = None
    speaker_label: str | None = None


_turn = msgspec.json.Decoder(_Turn).decode


def read(memory: Memory, message: bytes, stream_id: str) -> tuple[Memory, Segments]:
    """Read one message; turns are counted anew in each session."""
    match kind_of(message):
        case "Begin":
            memory, segments = _flushed(memory, stream_id)
            return replace(memory, sessions=begun(memory.sessions)), segments
        case "Termination":
            memory, segments = _flushed(memory, stream_id)
            return replace(memory, sessions=ended(memory.sessions)), segments
        case "Turn":
            return _heard(memory, _turn(message), stream_id)
        case _:
            return memory, ()


def _heard(memory: Memory, turn: _Turn, stream_id: str) -> tuple[Memory, Segments]:
    segments: Segments = ()
    if memory.plain is not None and memory.plain.turn != turn.turn_order:
        memory, segments = _flushed(replace(memory, formats=False), stream_id)
    if turn.end_of_turn and turn.turn_is_formatted:
        memory = replace(memory, formats=True, plain=None)
    elif turn.end_of_turn and memory.plain is not None:
        return memory, segments
    waits = (
        turn.end_of_turn and not turn.turn_is_formatted and memory.formats is not False
    )
    text = turn.transcript
    if turn.words and not turn.end_of_turn:
        text = " ".join(word.text for word in turn.words)
    ends = [from_ms(word.end) for word in turn.words]
    memory = replace(
        memory, sessions=heard(memory.sessions, ends[-1] if ends else None)
    )
    is_final = turn.end_of_turn and not waits
    if not text.strip() and not is_final:
        return memory, segments
    settled = turn.turn_is_formatted or memory.formats is False
    speaker = turn.speaker_label if turn.speaker_label != "UNKNOWN" else None
    (spoken,) = said(
        text,
        [_piece(word, settled=settled) for word in turn.words],
        **_fields(memory, stream_id, turn.turn_order),
        is_final=is_final,
        end_of_utterance=is_final,
        speaker=speaker or None,
        language=turn.language_code or None,
    )
    if waits:
        memory = replace(memory, plain=_plain(turn.turn_order, spoken))
    return memory, (*segments, spoken)


def _flushed(memory: Memory, stream_id: str) -> tuple[Memory, Segments]:
    """Let the plain end of a turn be its final: no twin will come."""
    plain = memory.plain
    if plain is None:
        return memory, ()
    return replace(memory, plain=None), said(
        plain.text,
        **_fields(memory, stream_id, plain.turn),
        is_final=True,
        end_of_utterance=True,
        start_s=plain.start_s,
        end_s=plain.end_s,
        speaker=plain.speaker,
        language=plain.language,
    )


def _plain(turn: int, spoken: CaptionSegment) -> Plain:
    return Plain(
        turn,
        spoken.text,
        spoken.start_s,
        spoken.end_s,
        spoken.speaker,
        spoken.language,
    )


def _fields(memory: Memory, stream_id: str, turn: int) -> dict[str, Any]:
    return {
        "stream_id": stream_id,
        "provider": NAME,
        "mode": "cumulative",
        "epoch": memory.sessions.epoch,
        "segment_id": f"turn-{turn}",
    }


def _piece(word: _Word, *, settled: bool) -> Piece:
    return Piece(
        text=word.text,
        start_s=from_ms(word.start),
        end_s=from_ms(word.end),
        confidence=word.confidence,
        is_final=word.word_is_final if settled else None,
    )


PROVIDER = Provider(
    name=NAME,
    title="AssemblyAI v3",
    units=("milliseconds",),
    semantics="cumulative",
    maps="`turn_order` to `segment_id`; all words of a guess, also those that are not "
    "final; the formatted end of a turn, or the plain one where none comes, to a final "
    "that ends its utterance; words with times, confidence and `word_is_final`; "
    "speaker; language; `Begin` and `Termination` to `epoch`",
    unknown="whether a formatted end follows the first plain one (which waits as a "
    "guess); stability; when it was sent",
    memory=Memory,
    read=read,
)
