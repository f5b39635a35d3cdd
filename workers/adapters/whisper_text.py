"""What Whisper prints: ``[00:00:00.000 --> 00:00:03.580]  text``, line by line.

Each line is one final segment that stands for itself (mode ``replace``): a piece of a
sentence, as long as the model liked. ``whisper-stream`` prints windows, each after a
line ``### Transcription 3 START | t0 = 2121 ms | t1 = 12121 ms`` and with times that
begin anew; t0 is added, and t1 is when the window was sent. Overlapping windows say
some words twice: merging joins them.
"""

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from workers.adapters.timed import CLOCK, ReadError, Timed, final, lines, seconds

RESTART_S = 1.0
"""Recognisers that measure words let neighbours overlap by less."""

LINE = re.compile(rf"\s*\[({CLOCK})\s*-->\s*({CLOCK})\]\s*(.*)")
_BROKEN = re.compile(r"\s*\[(?:\d+:\d|[^]]*-->)")
_WINDOW = re.compile(r"### Transcription \d+ START \| t0 = (\d+) ms \| t1 = (\d+) ms")
_ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_CHATTER = re.compile(
    r"\s*(###|whisper_|ggml_|main:|init:|SDL_main:|system_info|output_|log_mel"
    r"|load_backend|Detect(ing|ed) language|\[Start speaking\])"
)
"""What the programs say of themselves between the lines."""


class _Line(Struct, frozen=True):
    number: int
    start_s: float
    end_s: float
    text: str
    sent_s: float | None
    """When its window was sent; None outside of windows."""


def read(text: str, stream_id: str) -> list[Timed]:
    """Read a transcript.

    What stands before the first line with a time is a heading and left out; a line
    without a time after that goes on with the line above it.

    Raises:
        ReadError: A line has a time that cannot be read, or is over a bound.
    """
    timed: list[Timed] = []
    epoch, zero_s = 0, 0.0
    above: _Line | None = None
    for line in _spoken(text):
        at_s = timed[-1].at_s if timed else 0.0
        if above is not None and line.sent_s is None and _restarts(above, line):
            epoch, zero_s = epoch + 1, at_s
        above = line
        segment = final(
            f"line {line.number}",
            stream_id=stream_id,
            text=line.text,
            start_s=line.start_s,
            end_s=line.end_s,
            epoch=epoch,
        )
        sent_s = zero_s + line.end_s if line.sent_s is None else line.sent_s
        timed.append(Timed(max(at_s, sent_s), segment))
    return timed


def _restarts(above: _Line, line: _Line) -> bool:
    """Tell whether times begin anew: well before the line above, or at 0 again."""
    at_zero_again = line.start_s <= min(above.start_s, RESTART_S)
    return line.start_s < above.start_s - RESTART_S or (
        at_zero_again and above.end_s - line.start_s > RESTART_S
    )


def _spoken(text: str) -> Iterator[_Line]:
    """Yield the lines that have words, each with what goes on below it."""
    window_s, sent_s = 0.0, None
    line: _Line | None = None
    for number, raw in enumerate(lines(text), start=1):
        row = _ESCAPE.sub("", raw)
        if found := LINE.fullmatch(row):
            if line is not None and line.text:
                yield line
            start_s, end_s = (window_s + seconds(clock) for clock in found.group(1, 2))
            line = _Line(number, start_s, end_s, found[3].rstrip(), sent_s)
        elif _BROKEN.match(row):
            raise ReadError(f"line {number}: its time is not [HH:MM:SS.mmm --> …]")
        elif found := _WINDOW.match(row):
            window_s, sent_s = int(found[1]) / 1000, int(found[2]) / 1000
        elif line is not None and row.strip() and not _CHATTER.match(row):
            line = replace(line, text=f"{line.text} {row.strip()}".lstrip())
    if line is not None and line.text:
        yield line
