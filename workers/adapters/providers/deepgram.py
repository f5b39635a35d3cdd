"""Deepgram ``/v1/listen``: ``Results``, consecutive stretches without names.

The start of a stretch moves while it is guessed at, and a final may be shorter than the
guess before it, or empty: so nothing but time says which stretch a message speaks of.
A final is cut where the speaker of its words changes. ``UtteranceEnd``, and a result
with ``speech_final``, end an utterance.
"""

from collections import Counter

import msgspec
from msgspec import Struct

from workers.adapters.providers.provider import Provider, Segments, kind_of
from workers.adapters.providers.sessions import Sessions, named
from workers.adapters.providers.speech import Piece, said, share

NAME = "deepgram"


class _Word(Struct):
    word: str = ""
    punctuated_word: str | None = None
    start: float | None = None
    end: float | None = None
    confidence: float | None = None
    speaker: int | None = None
    language: str | None = None


class _Alternative(Struct):
    transcript: str = ""
    confidence: float | None = None
    words: list[_Word] = []
    languages: list[str] = []


class _Channel(Struct):
    alternatives: list[_Alternative] = []


class _Metadata(Struct):
    request_id: str | None = None


class _Results(Struct):
    start: float
    duration: float
    channel: _Channel
    is_final: bool = False
    speech_final: bool = False
    channel_index: list[int] = []
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)


class _UtteranceEnd(Struct):
    channel: list[int] = []


_results = msgspec.json.Decoder(_Results).decode
_utterance_end = msgspec.json.Decoder(_UtteranceEnd).decode


def read(
    sessions: Sessions, message: bytes, stream_id: str
) -> tuple[Sessions, Segments]:
    """Read one message; its request names its session."""
    match kind_of(message):
        case "Results":
            return _heard(sessions, _results(message), stream_id)
        case "UtteranceEnd":
            end = _utterance_end(message)
            return sessions, said(
                "",
                stream_id=stream_id,
                provider=NAME,
                is_final=True,
                end_of_utterance=True,
                epoch=sessions.epoch,
                channel=_channel(end.channel),
            )
        case _:
            return sessions, ()


def _heard(
    sessions: Sessions, results: _Results, stream_id: str
) -> tuple[Sessions, Segments]:
    sessions, epoch = named(sessions, results.metadata.request_id)
    alternatives = results.channel.alternatives
    best = alternatives[0] if alternatives else _Alternative()
    if not best.transcript.strip() and not results.is_final:
        return sessions, ()
    return sessions, said(
        best.transcript,
        [_piece(word) for word in best.words],
        split_speakers=results.is_final,
        stream_id=stream_id,
        provider=NAME,
        is_final=results.is_final,
        start_s=results.start,
        end_s=results.start + results.duration,
        epoch=epoch,
        channel=_channel(results.channel_index),
        language=_language(best),
        confidence=share(best.confidence) if best.transcript else None,
        end_of_utterance=results.is_final and results.speech_final,
    )


def _piece(word: _Word) -> Piece:
    return Piece(
        text=word.word if word.punctuated_word is None else word.punctuated_word,
        start_s=word.start,
        end_s=word.end,
        confidence=word.confidence,
        speaker=None if word.speaker is None else str(word.speaker),
    )


def _channel(index: list[int]) -> str | None:
    """Return the channel of ``[channel, channels]``; a single one needs no name."""
    several = len(index) > 1 and index[1] > 1
    return str(index[0]) if several else None


def _language(best: _Alternative) -> str | None:
    if best.languages:
        return best.languages[0]
    spoken = Counter(word.language for word in best.words if word.language)
    return spoken.most_common(1)[0][0] if spoken else None


PROVIDER = Provider(
    name=NAME,
    title="Deepgram v1",
    units=("seconds",),
    semantics="replace",
    maps="`is_final`; `speech_final` and `UtteranceEnd` to `end_of_utterance`; words "
    "with times, confidence and speaker (a final is cut between speakers); channel "
    "where there are several; language; a new `request_id` to `epoch`",
    unknown="which guess a message replaces (only time tells); stability",
    memory=Sessions,
    read=read,
)
