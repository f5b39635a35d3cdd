"""Google Speech-to-Text v1 and v2: results without a start, and without a name.

A response holds the guess in parts, the first of them the more stable; together they
are one interim. A result begins where the final before it ended, or, after a silence,
as long before the end of its first guess as its words take. Sessions end after about
five minutes, and the times of the next one begin anew.

Field names come as in JSON (``isFinal``) or as in the protocol (``is_final``).
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from workers.adapters.providers.provider import AdapterError, Provider, Segments, Unit
from workers.adapters.providers.sessions import Sessions, heard, named
from workers.adapters.providers.speech import Piece, said, share
from workers.adapters.providers.units import Parts, from_duration
from workers.core.merging.words import split

MOST_CHANNELS = 16
SLOW_WORD_S = 0.6
"""Longer ago than so many seconds a word, nobody spoke it."""
QUICK_WORD_S = 0.3
"""What a word is taken to last where a result has no end."""

Channel = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Duration = str | Parts | None


class Turn(Struct, frozen=True, omit_defaults=True):
    """Where a channel has come to."""

    channel: str | None = None
    end_s: float = 0.0
    """The end of its last final."""
    start_s: float | None = None
    """When what is guessed at now began."""


class Memory(Struct, frozen=True, omit_defaults=True):
    """Where each channel has come to, and the sessions."""

    sessions: Sessions = Sessions()
    turns: tuple[Turn, ...] = ()


class _Word(Struct):
    word: str = ""
    start_time: Duration | float = None
    end_time: Duration | float = None
    start_offset: Duration = None
    end_offset: Duration = None
    confidence: float | None = None
    speaker_tag: int | None = None
    speaker_label: str | None = None


class _Alternative(Struct):
    transcript: str = ""
    confidence: float | None = None
    words: list[_Word] = []


class _Result(Struct):
    alternatives: list[_Alternative] = []
    is_final: bool = False
    stability: float | None = None
    result_end_time: Duration = None
    result_end_offset: Duration = None
    audio_processed: float | None = None
    channel_tag: Channel | None = None
    language_code: str | None = None


class _Metadata(Struct):
    request_id: str | int | None = None


class _Response(Struct):
    results: list[_Result] = []
    request_id: str | int | None = None
    metadata: _Metadata | None = None


class Dialect(Struct, frozen=True, kw_only=True):
    """What those who speak this protocol do not have in common."""

    name: str
    end_s: Callable[[_Result], float | None]
    """The end of a result."""
    word_s: Callable[[Any], float | None]
    """A time of a word."""
    confidences: bool
    """Its confidences are from 0 to 1."""


def reader(
    dialect: Dialect,
) -> Callable[[Memory, bytes, str], tuple[Memory, Segments]]:
    """Return what reads the messages of a dialect."""

    def read(memory: Memory, message: bytes, stream_id: str) -> tuple[Memory, Segments]:
        """Read one response; its finals first, then the guess of each channel."""
        value = _snake(msgspec.json.decode(message))
        response = msgspec.convert(value, _Response)
        memory, epoch = _session(memory, response, dialect)
        segments: Segments = ()
        for (tag, final), group in groupby(
            response.results, key=lambda one: (one.channel_tag or 0, one.is_final)
        ):
            turn = _turn(memory, str(tag) if tag else None)
            results = list(group)
            for part in [[one] for one in results] if final else [results]:
                heard_now = _Heard(dialect, part, turn)
                turn = heard_now.turn_after
                segments += heard_now.segments(stream_id=stream_id, epoch=epoch)
            memory = _with(memory, turn)
        return memory, segments

    return read


class _Heard:
    """One final, or the parts of a guess, with the place they take in time."""

    def __init__(self, dialect: Dialect, parts: Sequence[_Result], turn: Turn) -> None:
        self._dialect = dialect
        self._parts = parts
        self._best = [one.alternatives[0] for one in parts if one.alternatives]
        self.text = "".join(one.transcript for one in self._best)
        self._pieces = _pieces(dialect, self.text, self._best)
        words = len(split(self.text)[0])
        end_s = next(
            (at_s for at_s in map(dialect.end_s, reversed(parts)) if at_s is not None),
            None,
        )
        if self._pieces and self._pieces[0].start_s is not None:
            turn = replace(turn, start_s=self._pieces[0].start_s)
            end_s = self._pieces[-1].end_s or end_s
        if end_s is None:
            since_s = turn.end_s if turn.start_s is None else turn.start_s
            end_s = since_s + words * QUICK_WORD_S
        if turn.start_s is None and words:
            turn = replace(turn, start_s=max(turn.end_s, end_s - words * SLOW_WORD_S))
        self._turn = turn
        self._end_s = max(end_s, turn.start_s or 0.0)

    @property
    def turn_after(self) -> Turn:
        """Where the channel has come to after it."""
        if not self._parts[0].is_final:
            return self._turn
        return Turn(self._turn.channel, max(self._turn.end_s, self._end_s))

    def segments(self, **fields: Any) -> Segments:
        """Return what it says; an empty final tells that a guess will stand."""
        first = self._parts[0]
        if not self.text.strip() and not first.is_final:
            return ()
        known = [one.stability for one in self._parts if one.stability]
        start_s = self._turn.start_s
        return said(
            self.text,
            self._pieces,
            split_speakers=first.is_final,
            provider=self._dialect.name,
            is_final=first.is_final,
            start_s=self._turn.end_s if start_s is None else start_s,
            end_s=self._end_s,
            channel=self._turn.channel,
            language=first.language_code or None,
            stability=None if first.is_final else share(min(known, default=None)),
            confidence=self._confidence(),
            **fields,
        )

    def _confidence(self) -> float | None:
        """Return the confidence of a final; 0 is how "not set" is written."""
        if not self._dialect.confidences or not self._best:
            return None
        return share(self._best[0].confidence or None)


def _session(
    memory: Memory, response: _Response, dialect: Dialect
) -> tuple[Memory, int]:
    """Take note of the session; in a new one nothing was said before."""
    request = response.request_id
    if response.metadata is not None:
        request = request or response.metadata.request_id
    ends = [at_s for at_s in map(dialect.end_s, response.results) if at_s is not None]
    if request in (None, "", 0, "0"):
        sessions = heard(memory.sessions, max(ends, default=None))
        epoch = sessions.epoch
    else:
        sessions, epoch = named(memory.sessions, str(request))
    same = sessions.epoch == memory.sessions.epoch
    return Memory(sessions, memory.turns if same else ()), epoch


def _turn(memory: Memory, channel: str | None) -> Turn:
    return next((one for one in memory.turns if one.channel == channel), Turn(channel))


def _with(memory: Memory, turn: Turn) -> Memory:
    rest = tuple(one for one in memory.turns if one.channel != turn.channel)
    return replace(memory, turns=(*rest, turn)[-MOST_CHANNELS:])


def _pieces(
    dialect: Dialect, text: str, best: Sequence[_Alternative]
) -> Sequence[Piece]:
    """Return the words; of v1's finals with speakers, which repeat all, the last."""
    words = [word for one in best for word in one.words if word.word]
    size = len(split(text)[0])
    return [
        Piece(
            text=word.word,
            start_s=dialect.word_s(_first(word.start_time, word.start_offset)),
            end_s=dialect.word_s(_first(word.end_time, word.end_offset)),
            confidence=(word.confidence or None) if dialect.confidences else None,
            speaker=word.speaker_label
            or (str(word.speaker_tag) if word.speaker_tag else None),
        )
        for word in (words[-size:] if size else ())
    ]


def _first(one: Any, other: Any) -> Any:
    return other if one is None else one


def _snake(value: Any) -> Any:
    """Write field names as the protocol has them."""
    if isinstance(value, dict):
        return {_underscored(name): _snake(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_snake(one) for one in value]
    return value


def _underscored(name: str) -> str:
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in name)


def _word_s(value: Any) -> float | None:
    if isinstance(value, float):
        raise AdapterError("the time of a word is a number, not a Duration")
    return from_duration(value)


def _end_s(result: _Result) -> float | None:
    return from_duration(_first(result.result_end_time, result.result_end_offset))


UNITS: tuple[Unit, ...] = ("Duration strings",)

PROVIDER = Provider(
    name="google",
    title="Google Speech-to-Text v1, v2",
    units=UNITS,
    semantics="replace",
    maps="the parts of a guess to one interim, with the least `stability` of them; "
    "finals with confidence; words with times and speaker where asked for (a final is "
    "cut between speakers); `channel_tag`; language; a new request, or times that fall "
    "back, to `epoch`",
    unknown="when speech began (from the final before, and the first guess); which "
    "guess a result replaces (only time tells); the end of an utterance, but for its "
    "final",
    memory=Memory,
    read=reader(Dialect(name="google", end_s=_end_s, word_s=_word_s, confidences=True)),
)
