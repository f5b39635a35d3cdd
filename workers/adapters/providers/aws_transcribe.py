"""Amazon Transcribe streaming: ``Transcript.Results``, often several in a message.

A partial replaces the one of the same ``ResultId``. The developer guide has a final
under another id than its partials, with the same channel and start: so a result goes by
the first id that was seen of its place, until it is final. Its times are seconds.
"""

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from workers.adapters.providers.provider import Provider, Segments
from workers.adapters.providers.sessions import Sessions, heard
from workers.adapters.providers.speech import Piece, said

NAME = "aws-transcribe"
MOST_OPEN = 16
"""Results that are guessed at together: one a channel, of which there are two."""
SAME_START_S = 0.001


class Open(Struct, frozen=True, array_like=True):
    """A result that is not final yet."""

    segment_id: str
    channel: str | None
    start_s: float | None


class Memory(Struct, frozen=True, omit_defaults=True):
    """What is open, and the sessions."""

    sessions: Sessions = Sessions()
    open: tuple[Open, ...] = ()


class _Item(Struct, rename="pascal"):
    content: str = ""
    start_time: float | None = None
    end_time: float | None = None
    confidence: float | None = None
    stable: bool | None = None
    speaker: str | None = None
    type: str | None = None


class _Alternative(Struct, rename="pascal"):
    transcript: str = ""
    items: list[_Item] | None = None


class _Language(Struct, rename="pascal"):
    language_code: str = ""
    score: float = 0.0


class _Result(Struct, rename="pascal"):
    result_id: str | None = None
    start_time: float | None = None
    end_time: float | None = None
    is_partial: bool = False
    channel_id: str | None = None
    language_code: str | None = None
    language_identification: list[_Language] | None = None
    alternatives: list[_Alternative] | None = None


class _Transcript(Struct, rename="pascal"):
    results: list[_Result] | None = None


class _Event(Struct, rename="pascal"):
    transcript: _Transcript | None = None


class _Message(Struct, rename="pascal"):
    """The event itself, or as the SDKs for JavaScript and Rust wrap it."""

    transcript: _Transcript | None = None
    transcript_event: _Event | None = None


_message = msgspec.json.Decoder(_Message).decode


def read(memory: Memory, message: bytes, stream_id: str) -> tuple[Memory, Segments]:
    """Read one message; none of its results is left out."""
    event = _message(message)
    transcript = event.transcript
    if transcript is None and event.transcript_event is not None:
        transcript = event.transcript_event.transcript
    segments: Segments = ()
    for result in (transcript and transcript.results) or ():
        memory, said_of_it = _heard(memory, result, stream_id)
        segments += said_of_it
    return memory, segments


def _heard(memory: Memory, result: _Result, stream_id: str) -> tuple[Memory, Segments]:
    best = result.alternatives[0] if result.alternatives else _Alternative()
    if not best.transcript.strip() and result.is_partial:
        return memory, ()
    sessions = heard(memory.sessions, result.end_time)
    known = memory.open if sessions.epoch == memory.sessions.epoch else ()
    segment_id, known = _named(known, result)
    segments = said(
        best.transcript,
        [_piece(item) for item in best.items or ()],
        split_speakers=not result.is_partial,
        stream_id=stream_id,
        provider=NAME,
        is_final=not result.is_partial,
        start_s=result.start_time,
        end_s=result.end_time,
        epoch=sessions.epoch,
        segment_id=segment_id,
        channel=result.channel_id,
        language=_language(result),
    )
    if len(segments) > 1:
        # Parts of one result that share its id would replace each other.
        segments = tuple(replace(one, segment_id=None) for one in segments)
    return Memory(sessions, known), segments


def _named(
    known: Sequence[Open], result: _Result
) -> tuple[str | None, tuple[Open, ...]]:
    """Return the id a result goes by, and what is open after it."""
    own = next((one for one in known if _is_same(one, result)), None)
    if own is None:
        if result.result_id is None:
            return None, tuple(known)
        own = Open(result.result_id[:256], result.channel_id, result.start_time)
    rest = tuple(one for one in known if one != own)
    return own.segment_id, (*rest, own)[-MOST_OPEN:] if result.is_partial else rest


def _is_same(known: Open, result: _Result) -> bool:
    if known.segment_id == result.result_id:
        return True
    return (
        known.channel == result.channel_id
        and None not in (known.start_s, result.start_time)
        and abs((known.start_s or 0) - (result.start_time or 0)) < SAME_START_S
    )


def _piece(item: _Item) -> Piece:
    return Piece(
        text=item.content,
        start_s=item.start_time,
        end_s=item.end_time,
        # A mark has a confidence of 0, which would be its word's.
        confidence=None if item.type == "punctuation" else item.confidence,
        is_final=item.stable,
        speaker=item.speaker,
    )


def _language(result: _Result) -> str | None:
    if result.language_code:
        return result.language_code
    likely = max(
        result.language_identification or (), key=lambda one: one.score, default=None
    )
    return (likely and likely.language_code) or None


PROVIDER = Provider(
    name=NAME,
    title="Amazon Transcribe",
    units=("seconds",),
    semantics="replace",
    maps="each of its results; `ResultId` to `segment_id` (a final under another id, "
    "by its channel and start); items to words with times, confidence, `Stable` and "
    "speaker (a final is cut between speakers); `ChannelId`; language, also identified",
    unknown="its session (only times that fall back tell a new one); the end of an "
    "utterance, but for its final; when it was sent",
    memory=Memory,
    read=read,
)
