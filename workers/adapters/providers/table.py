"""Providers whose messages are flat: one message, one segment, by a row of paths.

A row says where in a message each field of the segment is. A path such as
``data.utterance.start`` goes from object to object; what is not there, or null, is not
known.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from schemas.segment import Mode
from workers.adapters.providers.provider import AdapterError, Provider, Segments, Unit
from workers.adapters.providers.sessions import Sessions, heard, named
from workers.adapters.providers.speech import Piece, said, share

T = TypeVar("T")

Path = str
_object = msgspec.json.Decoder(dict[str, Any]).decode

Is = tuple[Path, tuple[object, ...]]
"""True of a message where the value at the path is one of these."""
Seconds = Callable[[Any], float | None]


class Words(Struct, frozen=True, kw_only=True):
    """Where a message has its words; paths go from each word."""

    items: Path
    text: Path
    start: Path
    end: Path
    confidence: Path | None = None
    is_final: Path | None = None


class Row(Struct, frozen=True, kw_only=True):
    """Where a message has what."""

    name: str
    title: str
    units: tuple[Unit, ...]
    semantics: Mode
    maps: str
    unknown: str
    times: Any
    """What a time is written as: a type, or several, for msgspec."""
    seconds: Seconds
    speaks: tuple[Is, ...]
    """All true of a message that holds speech; others say nothing."""
    text: Path
    is_final: Is
    start: Path
    end: Path
    words: Words | None = None
    ends_utterance: Is | None = None
    ends_stream: Is | None = None
    segment_id: Path | None = None
    sequence: Path | None = None
    session: Path | None = None
    """What names the session; without one, times that fall back tell a new one."""
    channel: Path | None = None
    speaker: Path | None = None
    language: Path | None = None
    confidence: Path | None = None
    emitted_at: Path | None = None


def provider(row: Row) -> Provider[Sessions]:
    """Make a provider of a row."""

    def read(
        sessions: Sessions, message: bytes, stream_id: str
    ) -> tuple[Sessions, Segments]:
        return _read(row, sessions, message, stream_id)

    return Provider(
        name=row.name,
        title=row.title,
        units=row.units,
        semantics=row.semantics,
        maps=row.maps,
        unknown=row.unknown,
        memory=Sessions,
        read=read,
    )


def _read(
    row: Row, sessions: Sessions, message: bytes, stream_id: str
) -> tuple[Sessions, Segments]:
    value = _object(message)
    fields: dict[str, Any] = {"stream_id": stream_id, "provider": row.name}
    if row.ends_stream and _is(value, row.ends_stream):
        fields |= {"is_final": True, "end_of_stream": True, "epoch": sessions.epoch}
        return sessions, said("", **fields)
    if not all(_is(value, one) for one in row.speaks):
        return sessions, ()
    text = _get(value, row.text, str) or ""
    is_final = _is(value, row.is_final)
    if not text.strip() and not is_final:
        return sessions, ()
    end_s = row.seconds(_get(value, row.end, row.times))
    if row.session is None:
        sessions = heard(sessions, end_s)
        epoch = sessions.epoch
    else:
        sessions, epoch = named(sessions, _name(value, row.session))
    fields |= {
        "mode": row.semantics,
        "is_final": is_final,
        "start_s": row.seconds(_get(value, row.start, row.times)),
        "end_s": end_s,
        "epoch": epoch,
        "segment_id": _name(value, row.segment_id),
        "sequence": _get(value, row.sequence, int),
        "channel": _name(value, row.channel),
        "speaker": _name(value, row.speaker),
        "language": _language(value, row.language),
        "confidence": share(_get(value, row.confidence, float)),
        "emitted_at": _get(value, row.emitted_at, str),
        "end_of_utterance": is_final
        and row.ends_utterance is not None
        and _is(value, row.ends_utterance),
    }
    return sessions, said(text, _pieces(row, value), **fields)


def _pieces(row: Row, value: Any) -> Sequence[Piece]:
    words = row.words
    if words is None:
        return ()
    return [
        Piece(
            text=_get(item, words.text, str) or "",
            start_s=row.seconds(_get(item, words.start, row.times)),
            end_s=row.seconds(_get(item, words.end, row.times)),
            confidence=_get(item, words.confidence, float),
            is_final=_get(item, words.is_final, bool),
        )
        for item in _get(value, words.items, list) or ()
    ]


def _at(value: Any, path: Path) -> Any:
    for name in path.split("."):
        if value is None:
            return None
        if not isinstance(value, dict):
            raise AdapterError(f"`{path}`: no object around `{name}`")
        value = value.get(name)
    return value


def _get(value: Any, path: Path | None, kind: Any) -> Any:
    """Return what is at a path.

    Raises:
        AdapterError: It is of another type.
    """
    found = None if path is None else _at(value, path)
    if found is None or type(found) is kind:
        return found
    try:
        return msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        raise AdapterError(f"`{path}`: {error}") from error


def _name(value: Any, path: Path | None) -> str | None:
    """Return a name, which some providers write as a number."""
    found = _get(value, path, str | int)
    return None if found in (None, "") else str(found)


def _language(value: Any, path: Path | None) -> str | None:
    """Return a language, or the first of several."""
    found = _get(value, path, str | list[str])
    if isinstance(found, list):
        found = found[0] if found else None
    return found or None


def _is(value: Any, wanted: Is) -> bool:
    path, values = wanted
    found = _at(value, path)
    return any(
        found is one or (found == one and type(found) is type(one)) for one in values
    )
