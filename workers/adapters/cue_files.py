"""The frame of SRT and VTT files: which rows belong to which times.

pysubs2 reads both, but VTT as if it were SRT: word times in a row pass for the times
of a cue, names and notes for text, and a last row ``1984`` for a number. So the frame
is read here, and pysubs2 writes.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from workers.adapters.markup import Row, rows
from workers.adapters.timed import CLOCK, ReadError, lines, seconds

CueFormat = Literal["srt", "vtt"]

TIMES = re.compile(rf"\s*({CLOCK})[ \t]*-->[ \t]*({CLOCK})(?:\s.*)?")
_ASIDE = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_LANGUAGE = re.compile(r"Language:\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\s*")


class FileCue(Struct, frozen=True):
    """One cue as it stands in the file."""

    line: int
    """Of its times; the first line of the file is 1."""
    start_s: float
    end_s: float
    rows: tuple[Row, ...]
    """Without the blank ones at its end; those before text tell that nothing is
    carried over from the cue before."""


def cues(text: str, form: CueFormat) -> list[FileCue]:
    """Read the cues in the order of the file.

    Raises:
        ReadError: The times of a cue cannot be read; the message names the line.
    """
    all_lines = lines(text)
    places = [at for at, line in enumerate(all_lines) if _has_times(line, at + 1)]
    found: list[FileCue] = []
    for at, until in pairwise([*places, len(all_lines)]):
        times = TIMES.fullmatch(all_lines[at])
        assert times is not None
        body = all_lines[at + 1 : until]
        if until < len(all_lines):
            body = body[: len(body) - _name_length(body, form)]
        if form == "vtt":
            body = list(_without_asides(body))
        while body and not body[-1].strip():
            body.pop()
        found.append(
            FileCue(at + 1, seconds(times[1]), seconds(times[2]), tuple(rows(body)))
        )
    return found


def language(text: str) -> str | None:
    """Return what YouTube's ``Language:`` line before the first cue says."""
    for line in lines(text):
        if TIMES.fullmatch(line):
            break
        if found := _LANGUAGE.fullmatch(line):
            return found[1]
    return None


def _has_times(line: str, number: int) -> bool:
    if TIMES.fullmatch(line):
        return True
    # No text of a cue may hold the arrow: what looks broken is broken.
    if "-->" in line:
        raise ReadError(f"line {number}: its times are not HH:MM:SS,mmm --> …")
    return False


def _name_length(body: list[str], form: CueFormat) -> int:
    """Return how many rows at the end of *body* name the next cue: 0 or 1."""
    if not body or not body[-1].strip():
        return 0
    if form == "srt":
        return int(body[-1].strip().isdecimal())
    return int(len(body) > 1 and not body[-2])


def _without_asides(body: list[str]) -> Iterator[str]:
    """Leave out notes, styles and regions: from a blank row to the next."""
    blank, aside = False, False
    for line in body:
        aside = bool(aside or (blank and _ASIDE.match(line))) and line != ""
        blank = line == ""
        if not aside:
            yield line
