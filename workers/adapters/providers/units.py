"""The units in which providers write times, each to seconds.

Raises:
    AdapterError: Each, for text that is no time.
"""

import re

from msgspec import Struct

from workers.adapters.providers.provider import AdapterError

TICKS = 10_000_000
"""Of 100 ns, in a second."""
NANOS = 1_000_000_000

_DECIMAL = re.compile(r"\d{1,10}(?:\.\d{1,12})?")
_DURATION = re.compile(r"(\d{1,10}(?:\.\d{1,9})?)s")
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2}(?:\.\d{1,9})?)")


def as_they_are(seconds: float | None) -> float | None:
    """Read seconds."""
    return seconds


def from_ms(ms: float | None) -> float | None:
    """Read milliseconds."""
    return None if ms is None else ms / 1000


def from_ticks(ticks: float | None) -> float | None:
    """Read units of 100 ns."""
    return None if ticks is None else ticks / TICKS


def from_decimal(value: float | str | None) -> float | None:
    """Read seconds, as a number or as text such as ``27.42``."""
    if not isinstance(value, str):
        return value
    if not _DECIMAL.fullmatch(value):
        raise AdapterError("a time is not seconds, such as 27.42")
    return float(value)


class Parts(Struct):
    """A protobuf Duration as an object, as some clients give it."""

    seconds: float | str | None = None
    nanos: float | str | None = None


def from_duration(value: str | Parts | None) -> float | None:
    """Read a protobuf Duration: ``3.5s``, or its parts."""
    if value is None:
        return None
    if isinstance(value, Parts):
        nanos = from_decimal(value.nanos) or 0
        return (from_decimal(value.seconds) or 0) + nanos / NANOS
    found = _DURATION.fullmatch(value)
    if found is None:
        raise AdapterError("a time is not a Duration, such as 3.5s")
    return float(found[1])


def from_clock(value: str | None) -> float | None:
    """Read ``1:02:03`` or ``0:02:03.5``."""
    if value is None:
        return None
    found = _CLOCK.fullmatch(value)
    if found is None:
        raise AdapterError("a time is not of the form 1:02:03")
    hours, minutes, seconds = found.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds)
