"""A line of a log, ``{"received_at": …, "message": …}``, and when its segments go.

``received_at`` is RFC 3339 with an offset, or seconds since 1970. A message may stand
there as JSON or as a text.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from schemas.segment import CaptionCorrection, CaptionSegment
from workers.adapters.timed import Timed

LATEST_S = 1e11
"""Beyond this a number counts milliseconds, or nothing that is a time."""


class _Line(Struct):
    message: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    received_at: datetime | float | None = None


class Read(Struct, frozen=True):
    """A segment as it was read."""

    segment: CaptionSegment | CaptionCorrection
    moment_s: float | None
    """When it was sent or received, seconds since 1970."""


_line = msgspec.json.Decoder(_Line).decode


def unwrapped(line: bytes, *, always_dated: bool) -> tuple[bytes, float | None]:
    """Return the message of a line, and when it was received.

    Args:
        line: JSON.
        always_dated: Only with ``received_at`` is ``message`` a message; else it is
            a field of the provider's own.

    Raises:
        msgspec.DecodeError: It is not JSON, or the moment is none.
    """
    logged = _line(line)
    if logged.message is msgspec.UNSET or (always_dated and logged.received_at is None):
        return line, None
    message = bytes(logged.message)
    if message.startswith(b'"'):
        message = msgspec.json.decode(message, type=str).encode()
    return message, moment_s("received_at", logged.received_at)


def moment_s(name: str, moment: datetime | float | None) -> float | None:
    """Return a moment in seconds since 1970.

    Raises:
        msgspec.ValidationError: It is none; *name* says which.
    """
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise msgspec.ValidationError(f"`{name}` has no offset from UTC")
        return moment.timestamp()
    if moment is not None and not 0 <= moment <= LATEST_S:
        raise msgspec.ValidationError(f"`{name}` is not in seconds since 1970")
    return moment


def read(segment: CaptionSegment | CaptionCorrection, received_s: float | None) -> Read:
    """Date a segment: by when it was received, or else sent.

    Raises:
        msgspec.ValidationError: The moment it was sent at is none.
    """
    if isinstance(segment, CaptionCorrection):
        return Read(segment, received_s)
    emitted_s = moment_s("emitted_at", segment.emitted_at)
    return Read(segment, emitted_s if received_s is None else received_s)


def timed(found: Sequence[Read]) -> Iterator[Timed]:
    """Give segments their moments, in the order of the log, which is that of sending.

    The first moment told is tied to media time: by the segment's
    ``stream_started_at``, or else as if its speech had just ended. Without such
    moments, segments go when their speech ends, and a correction with the segment
    before it.
    """
    zero_s = next(map(_zero_s, (one for one in found if one.moment_s is not None)), 0.0)
    clocks: dict[str, tuple[int, float]] = {}
    at_s = 0.0
    for one in found:
        segment = one.segment
        if isinstance(segment, CaptionCorrection):
            if one.moment_s is not None:
                at_s = max(at_s, one.moment_s - zero_s)
            yield Timed(at_s, segment)
            continue
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


def _zero_s(first: Read) -> float:
    """Return the moment of media second 0, seconds since 1970."""
    assert first.moment_s is not None
    segment = first.segment
    if isinstance(segment, CaptionCorrection):
        return first.moment_s
    if segment.stream_started_at is not None:
        return segment.stream_started_at.timestamp()
    return first.moment_s - (segment.end_s or 0.0)
