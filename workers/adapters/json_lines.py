"""JSON lines: our own segments and a person's corrections, bare or in a log."""

from collections.abc import Iterator

import msgspec
from msgspec import Struct

from schemas.segment import CaptionCorrection, CaptionSegment
from workers.adapters.logged import Read, timed, unwrapped
from workers.adapters.logged import read as dated
from workers.adapters.timed import ReadError, Timed, lines


class _Typed(Struct):
    type: str = "CaptionSegment"


_typed = msgspec.json.Decoder(_Typed).decode
_segment = msgspec.json.Decoder(CaptionSegment).decode
_correction = msgspec.json.Decoder(CaptionCorrection).decode


def read(text: str) -> list[Timed]:
    """Read a recording of segments and corrections, in the order of its lines.

    Raises:
        ReadError: A line is not JSON, or its message is neither.
    """
    found: list[Read] = []
    for number, line in enumerate(lines(text), start=1):
        if line.strip():
            found += _read(f"line {number}", line)
    return list(timed(found))


def _read(place: str, line: str) -> Iterator[Read]:
    try:
        message, received_s = unwrapped(line.encode(), always_dated=False)
        yield dated(_said(message), received_s)
    except msgspec.ValidationError as error:
        raise ReadError(f"{place} is not a CaptionSegment: {error}") from error
    except msgspec.DecodeError as error:
        raise ReadError(f"{place} is not JSON: {error}") from error
    except RecursionError as error:
        raise ReadError(f"{place} is not JSON that can be read: too deep") from error


def _said(message: bytes) -> CaptionSegment | CaptionCorrection:
    if _typed(message).type != "CaptionCorrection":
        return _segment(message)
    try:
        return _correction(message)
    except msgspec.ValidationError as error:
        raise msgspec.ValidationError(f"nor a CaptionCorrection: {error}") from error
