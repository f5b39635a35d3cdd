"""JSON lines: our own segments, bare or as a provider's messages in a log.

A line is a ``CaptionSegment``, or ``{"received_at": …, "message": {…}}`` around what a
provider sent: ``received_at`` is RFC 3339 with an offset, or seconds since 1970.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from schemas.segment import CaptionSegment
from workers.adapters.timed import ReadError, Timed, lines

LATEST_S = 1e11
"""Beyond this a number counts milliseconds, or nothing that is a time."""


class _Line(Struct):
    message: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    received_at: datetime | float | None = None


_line = msgspec.json.Decoder(_Line).decode
_segment = msgspec.json.Decoder(CaptionSegment).decode


def _canonical(message: bytes) -> list[CaptionSegment]:
    return [_segment(message)]


PROVIDERS: dict[str, Callable[[bytes], list[CaptionSegment]]] = {
    "canonical": _canonical
}
"""Whose messages can be read, and by what: one message to its segments."""


class _Read(Struct, frozen=True):
    segment: CaptionSegment
    moment_s: float | None
    """When it was sent or received, seconds since 1970."""


def read(text: str, provider: str = "canonical") -> list[Timed]:
    """Read a recording in the order of its lines, which is the order of sending.

    The first moment told, ``received_at`` or else ``emitted_at``, is tied to media
    time: by the segment's ``stream_started_at``, or else as if its speech had just
    ended. Without such moments, segments go when their speech ends.

    Raises:
        ReadError: A line is not JSON, or its message is not of this provider.
    """
    messages = PROVIDERS[provider]
    found: list[_Read] = []
    for number, line in enumerate(lines(text), start=1):
        if line.strip():
            found += _read(f"line {number}", line, messages)
    return list(_timed(found))


def _read(
    place: str, line: str, messages: Callable[[bytes], list[CaptionSegment]]
) -> Iterator[_Read]:
    try:
        raw = line.encode()
        logged = _line(raw)
        received_s = _moment_s("received_at", logged.received_at)
        message = logged.message
        for segment in messages(raw if message is msgspec.UNSET else bytes(message)):
            emitted_s = _moment_s("emitted_at", segment.emitted_at)
            yield _Read(segment, emitted_s if received_s is None else received_s)
    except msgspec.ValidationError as error:
        raise ReadError(f"{place} is not a CaptionSegment: {error}") from error
    except msgspec.DecodeError as error:
        raise ReadError(f"{place} is not JSON: {error}") from error
    except RecursionError as error:
        raise ReadError(f"{place} is not JSON that can be read: too deep") from error


def _moment_s(name: str, moment: datetime | float | None) -> float | None:
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise msgspec.ValidationError(f"`{name}` has no offset from UTC")
        return moment.timestamp()
    if moment is not None and not 0 <= moment <= LATEST_S:
        raise msgspec.ValidationError(f"`{name}` is not in seconds since 1970")
    return moment


def _timed(found: Sequence[_Read]) -> Iterator[Timed]:
    zero_s = next(map(_zero_s, (one for one in found if one.moment_s is not None)), 0.0)
    clocks: dict[str, tuple[int, float]] = {}
    at_s = 0.0
    for one in found:
        segment = one.segment
        epoch, began_s = clocks.get(segment.stream_id, (segment.epoch, 0.0))
        if segment.epoch > epoch:
            # The provider's times begin anew; the recording goes on.
            began_s = at_s
        clocks[segment.stream_id] = segment.epoch, began_s
        if one.moment_s is not None:
            at_s = max(at_s, one.moment_s - zero_s)
        elif segment.end_s is not None:
            at_s = max(at_s, began_s + segment.end_s)
        yield Timed(at_s, segment)


def _zero_s(first: _Read) -> float:
    """Return the moment of media second 0, seconds since 1970."""
    assert first.moment_s is not None
    started_at = first.segment.stream_started_at
    if started_at is not None:
        return started_at.timestamp()
    return first.moment_s - (first.segment.end_s or 0.0)
