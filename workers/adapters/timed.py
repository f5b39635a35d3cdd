"""What every reader gives: segments with the moment each would have been sent."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from schemas.fields import MAX_WORDS
from schemas.segment import CaptionCorrection, CaptionSegment, Word

_LINE_END = re.compile(r"\r\n|\r|\n")
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2})[.,](\d{1,3})")
CLOCK = r"(?:\d{1,4}:)?\d{1,3}:\d{1,2}[.,]\d{1,3}"
"""A moment as files write it: hours if any, minutes, seconds, a fraction."""


SHORTEST_S = 0.001


class Timed(NamedTuple):
    """One segment and when it would have been sent."""

    at_s: float
    """Seconds from the start of the recording; never before the one before it."""
    segment: CaptionSegment | CaptionCorrection
    """Recordings of our own may hold a person's corrections too."""


class ReadError(ValueError):
    """A place in a file that cannot be read: which, and why."""


def lines(text: str) -> list[str]:
    """Cut at line ends only: U+2028 and its like are part of what was said."""
    return _LINE_END.split(text)


def seconds(clock: str) -> float:
    """Read ``1:02:03.5``, ``02:03.500`` or ``00:02:03,500``.

    Raises:
        ValueError: It is not of this form.
    """
    found = _CLOCK.fullmatch(clock)
    if found is None:
        raise ValueError(f"not a time: {clock!r}")
    hours, minutes, whole, part = found.groups()
    millis = int(part.ljust(3, "0"))
    return (int(hours or 0) * 3600 + int(minutes) * 60 + int(whole)) + millis / 1000


def final(
    place: str,
    *,
    start_s: float | None,
    end_s: float | None,
    words: Sequence[Word] = (),
    **fields: Any,
) -> CaptionSegment:
    """Make a finished segment, with every bound of the schema checked.

    A stretch of no length, as Whisper writes for a last short word, lasts
    ``SHORTEST_S``: to the rules, one without any has no place in time. More words
    than a segment may list are left out of ``words``; all stay in the text.

    Args:
        place: Where it stands in the file, such as ``line 12``.
        start_s: Media time in seconds, as are all times here.
        end_s: Not before *start_s*.
        words: With their times, if the file has them.
        fields: The other fields of a segment.

    Raises:
        ReadError: A bound is broken, or it ends before it begins; the message names
            the place.
    """
    if start_s is not None and end_s is not None:
        if end_s < start_s:
            raise ReadError(f"{place}: ends before it begins")
        end_s = max(start_s + SHORTEST_S, end_s)
    listed = msgspec.to_builtins(words) if 0 < len(words) <= MAX_WORDS else None
    values = {"is_final": True, "start_s": start_s, "end_s": end_s, "words": listed}
    try:
        return msgspec.convert(values | fields, CaptionSegment)
    except msgspec.ValidationError as error:
        raise ReadError(f"{place}: {error}") from error


def in_order(segments: Iterable[CaptionSegment]) -> list[Timed]:
    """Send each segment when its speech was over: the files tell nothing better.

    A segment without times goes with the one before it.
    """
    timed: list[Timed] = []
    at_s = 0.0
    for segment in segments:
        at_s = at_s if segment.end_s is None else segment.end_s
        timed.append(Timed(at_s, segment))
    return sorted(timed, key=lambda one: one.at_s)


def with_ends(timed: Iterable[Timed]) -> Iterator[Timed]:
    """Add what tells the end of each stream, where the recording does not.

    It is a segment of its own without text, so that no caption is altered by it.
    """
    open_streams: dict[str, CaptionSegment] = {}
    at_s = 0.0
    for one in timed:
        at_s, segment = one
        if isinstance(segment, CaptionSegment):
            if segment.end_of_stream:
                open_streams.pop(segment.stream_id, None)
            else:
                open_streams[segment.stream_id] = segment
        yield one
    for stream_id, last in open_streams.items():
        yield Timed(
            at_s,
            CaptionSegment(
                stream_id=stream_id,
                text="",
                is_final=True,
                epoch=last.epoch,
                end_of_stream=True,
                provider=last.provider,
            ),
        )
