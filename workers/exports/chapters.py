"""Topics as chapters of a recording: for YouTube's descriptions, and as WebVTT."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec import Struct
from pysubs2 import SSAEvent, SSAFile

from schemas.captions import Caption
from schemas.fields import Message
from workers.exports.latest import ExportError, captions, topics
from workers.exports.one_line import one_line
from workers.exports.subtitles import BACKSLASH, escaped

SHORTEST_S = 10.0
"""YouTube takes no list in which a chapter is shorter."""
_LONGEST_TITLE = 100


class Mark(Struct, frozen=True):
    """Where a chapter begins, and what it is called, if anything."""

    start_s: float | None
    label: str | None


class Chapter(Struct, frozen=True):
    """One chapter; they follow each other from 0 s without a gap."""

    start_s: float
    end_s: float
    title: str


def told(messages: Iterable[Message]) -> list[Mark]:
    """Return the topics that stand in the end, as they were told live."""
    return [Mark(topic.start_s, topic.label) for topic in topics(messages)]


def chapters(marks: Sequence[Mark], spoken: Iterable[Message]) -> list[Chapter]:
    """Make chapters of where topics begin; the first one begins at 0 s.

    One of less than 10 s, up to the next or the end, is joined to the one before.

    Args:
        marks: In any order; those without a time are passed over.
        spoken: Messages of one stream, whose last final caption ends the last chapter.

    Raises:
        ExportError: No caption has a time, or they are of several streams.
    """
    end_s = _end_s(captions(spoken))
    placed = sorted(
        (mark for mark in marks if mark.start_s is not None),
        key=lambda mark: mark.start_s or 0.0,
    )
    starts: list[tuple[float, str | None]] = []
    for mark in placed:
        start_s = mark.start_s or 0.0
        if not starts:
            starts.append((0.0, mark.label))
        elif min(start_s - starts[-1][0], end_s - start_s) >= SHORTEST_S:
            starts.append((start_s, mark.label))
    edges = [*starts, (max(end_s, starts[-1][0]) if starts else end_s, None)]
    return [
        Chapter(start_s, until_s, _title(label, number))
        for number, ((start_s, label), (until_s, _)) in enumerate(
            pairwise(edges), start=1
        )
    ]


def youtube(found: Sequence[Chapter]) -> str:
    """Write a line for each chapter, such as ``1:02:03 Solar panels``.

    YouTube shows chapters if there are three lines or more, the first at ``0:00``.
    """
    return "".join(f"{_clock(one.start_s)} {one.title}\n" for one in found)


def webvtt(found: Sequence[Chapter]) -> str:
    """Write a WebVTT file for a track of kind ``chapters``."""
    file = SSAFile()
    for one in found:
        text = escaped(one.title).replace("\\", BACKSLASH)
        start, end = round(1000 * one.start_s), round(1000 * one.end_s)
        file.append(SSAEvent(start=start, end=end, text=text))
    return file.to_string("vtt", keep_ssa_tags=True).replace(BACKSLASH, "\\")


def _end_s(standing: Sequence[Caption]) -> float:
    times = [one.end_s for one in standing if one.end_s is not None]
    if not times:
        raise ExportError("no caption has a time, so chapters have no place")
    return max(times)


def _title(label: str | None, number: int) -> str:
    title = one_line(label or "")[:_LONGEST_TITLE]
    return title[:1].upper() + title[1:] if title else f"Topic {number}"


def _clock(at_s: float) -> str:
    minutes, seconds = divmod(int(at_s), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02d}:{seconds:02d}"
    return f"{minutes}:{seconds:02d}"
