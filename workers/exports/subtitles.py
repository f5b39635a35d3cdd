"""Cues to SRT and VTT, so that every player and pysubs2 itself opens them."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, zip_longest

from msgspec import Struct
from pysubs2 import SSAEvent, SSAFile

from schemas.captions import Cue
from schemas.fields import Message
from workers.exports.latest import ExportError, cues
from workers.exports.one_line import one_line

LAST_MS = 100 * 3600 * 1000 - 1
"""SRT writes two digits of hours."""

_BACKSLASH = "\ufdd0"
"""Stands for a backslash inside pysubs2, for which ``\\N`` is a new line; Unicode
promises that it is never a character."""
_JOINER = "\N{WORD JOINER}"
_SRT_MARKUP = re.compile(r"(?<=--)(?=>)|(?<=<)(?=[A-Za-z/])|(?<=\{)(?=\\)")
"""Where speech would pass for times, a tag or a position: SRT has no escapes."""


class _Block(Struct, frozen=True):
    """What is on the screen between two moments; cues that begin together share it."""

    start_ms: int
    end_ms: int
    cues: tuple[Cue, ...]


def srt(messages: Iterable[Message], *, speakers: bool = False) -> str:
    """Write the cues that stand as SubRip.

    Cues that overlap are trimmed to the start of the next one; cues that begin in
    the same millisecond become one, their lines above each other.

    Args:
        messages: Of one stream and one profile; what is no cue is ignored.
        speakers: Put ``Name: `` before the lines of a cue whose speaker is known.

    Raises:
        ExportError: Several streams or profiles, or a cue without times or at 100
            hours or later; it is named.
    """
    return _written(messages, "srt", lambda cue: _srt_lines(cue, speakers=speakers))


def vtt(messages: Iterable[Message]) -> str:
    """Write the cues that stand as WebVTT, speakers as voices.

    Overlaps and errors are as in :func:`srt`.
    """
    return _written(messages, "vtt", _vtt_lines)


def _written(
    messages: Iterable[Message], form: str, lines: Callable[[Cue], Iterable[str]]
) -> str:
    blocks = list(_blocks(cues(messages)))
    file = SSAFile()
    for block, after in zip_longest(blocks, blocks[1:]):
        end_ms = min(block.end_ms, after.start_ms) if after else block.end_ms
        rows = [line for cue in block.cues for line in lines(cue)]
        text = "\\N".join(row.replace("\\", _BACKSLASH) for row in rows)
        if text:
            file.append(SSAEvent(start=block.start_ms, end=end_ms, text=text))
    # SSA's tags are kept, which is to say that braces in speech are no tags.
    return file.to_string(form, keep_ssa_tags=True).replace(_BACKSLASH, "\\")


def _blocks(standing: Sequence[Cue]) -> Iterator[_Block]:
    """Put cues that begin together into one block; each lasts at least 1 ms."""
    for start_ms, group in groupby(standing, key=lambda cue: _ms(cue, cue.start_s)):
        together = tuple(group)
        end_ms = max(_ms(cue, cue.end_s) for cue in together)
        yield _Block(start_ms, max(start_ms + 1, end_ms), together)


def _ms(cue: Cue, at_s: float | None) -> int:
    assert at_s is not None
    at_ms = round(at_s * 1000)
    if at_ms > LAST_MS:
        raise ExportError(
            f"cue {cue.cue_id!r} is at 100 hours or later, which subtitles cannot "
            "write; a transcript can"
        )
    return at_ms


def _srt_lines(cue: Cue, *, speakers: bool) -> Iterator[str]:
    first = f"{one_line(cue.speaker)}: " if speakers and cue.speaker else ""
    for line in map(one_line, cue.lines):
        if line:
            yield _SRT_MARKUP.sub(_JOINER, first + line)
            first = ""


def _vtt_lines(cue: Cue) -> Iterator[str]:
    first = f"<v {_escaped(one_line(cue.speaker))}>" if cue.speaker else ""
    for line in map(one_line, cue.lines):
        if line:
            yield first + _escaped(line)
            first = ""


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
