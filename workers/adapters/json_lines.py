"""JSON lines: our own segments, bare or in a log."""

from collections.abc import Iterator

import msgspec

from schemas.segment import CaptionSegment
from workers.adapters.logged import Read, timed, unwrapped
from workers.adapters.logged import read as dated
from workers.adapters.timed import ReadError, Timed, lines

_segment = msgspec.json.Decoder(CaptionSegment).decode


def read(text: str) -> list[Timed]:
    """Read a recording of segments, in the order of its lines.

    Raises:
        ReadError: A line is not JSON, or its message is not a segment.
    """
    found: list[Read] = []
    for number, line in enumerate(lines(text), start=1):
        if line.strip():
            found += _read(f"line {number}", line)
    return list(timed(found))


def _read(place: str, line: str) -> Iterator[Read]:
    try:
        message, received_s = unwrapped(line.encode(), always_dated=False)
        yield dated(_segment(message), received_s)
    except msgspec.ValidationError as error:
        raise ReadError(f"{place} is not a CaptionSegment: {error}") from error
    except msgspec.DecodeError as error:
        raise ReadError(f"{place} is not JSON: {error}") from error
    except RecursionError as error:
        raise ReadError(f"{place} is not JSON that can be read: too deep") from error
