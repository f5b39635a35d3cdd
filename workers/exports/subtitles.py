"""Cues to SRT and VTT, so that every player and pysubs2 itself opens them."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from pysubs2 import SSAEvent, SSAFile

from schemas.fields import Message
from workers.core.cues.profiles import Profile
from workers.exports.blocks import Block, blocks

FIRST_LINE = "WEBVTT"
_NUMBERS = re.compile(r"^\d+\n(?=[\d:.]+ --> )", re.MULTILINE)

BACKSLASH = "\ufdd0"
"""Stands for a backslash inside pysubs2, for which ``\\N`` is a new line; Unicode
promises that it is never a character."""
_JOINER = "\N{WORD JOINER}"
_SRT_MARKUP = re.compile(r"(?<=--)(?=>)|(?<=<)(?=[A-Za-z/])|(?<=\{)(?=\\)")
"""Where speech would pass for times, a tag or a position: SRT has no escapes."""
_TIMES = re.compile(r"^[\d:.]+ --> [\d:.]+$", re.MULTILINE)
"""The line of a VTT cue that its settings stand on; no line of text has the arrow."""


def srt(
    messages: Iterable[Message],
    profile: Profile | None = None,
    *,
    speakers: bool = False,
) -> str:
    """Write the cues that stand as SubRip.

    Args:
        messages: Of one stream and one profile; what is no cue is ignored.
        profile: That of the cues; it may want dashes where the speaker changes. The
            format has no place for where lines stand.
        speakers: Put ``Name: `` before the lines of a speaker who is known.

    Raises:
        ExportError: As in `blocks`.
    """
    return _written(
        blocks(messages, profile), "srt", lambda one: _srt(one, speakers=speakers)
    )


def vtt(messages: Iterable[Message], profile: Profile | None = None) -> str:
    """Write the cues that stand as WebVTT, speakers as voices.

    Args:
        messages: Of one stream and one profile; what is no cue is ignored.
        profile: That of the cues: dashes, and where lines stand if not below in the
            middle, which is where players put them by themselves.

    Raises:
        ExportError: As in `blocks`.
    """
    return vtt_of(blocks(messages, profile), profile)


def vtt_of(
    shown: Sequence[Block],
    profile: Profile | None = None,
    head: Sequence[str] = (),
    *,
    numbered: bool = True,
) -> str:
    """Write some of what is on the screen as WebVTT.

    Args:
        shown: In order.
        profile: As for `vtt`.
        head: Lines that follow the first one, such as a map of times.
        numbered: Give each cue its number in this file as its name.
    """
    text = _written(shown, "vtt", _vtt)
    text = text if numbered else _NUMBERS.sub("", text)
    settings = _settings(profile) if profile else ""
    text = _TIMES.sub(rf"\g<0>{settings}", text) if settings else text
    return "\n".join((FIRST_LINE, *head)) + text.removeprefix(FIRST_LINE)


def _written(
    shown: Sequence[Block], form: str, rows: Callable[[Block], Iterable[str]]
) -> str:
    file = SSAFile()
    for block in shown:
        text = "\\N".join(row.replace("\\", BACKSLASH) for row in rows(block))
        file.append(SSAEvent(start=block.start_ms, end=block.end_ms, text=text))
    # SSA's tags are kept, which is to say that braces in speech are no tags.
    return file.to_string(form, keep_ssa_tags=True).replace(BACKSLASH, "\\")


def _srt(block: Block, *, speakers: bool) -> Iterator[str]:
    for voice in block.voices:
        first = f"{voice.speaker}: " if speakers and voice.speaker else ""
        for line in voice.lines:
            yield _SRT_MARKUP.sub(_JOINER, first + line)
            first = ""


def _vtt(block: Block) -> Iterator[str]:
    for voice in block.voices:
        lines = [escaped(line) for line in voice.lines]
        if voice.speaker:
            lines[0] = f"<v {escaped(voice.speaker)}>{lines[0]}"
            lines[-1] += "</v>"
        yield from lines


def escaped(text: str) -> str:
    """Write what WebVTT would take for a tag or an escape as escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _settings(profile: Profile) -> str:
    """Return the settings of a cue: only what is not where players put it anyway."""
    settings = " line:5%" if profile.place == "top" else ""
    if profile.align == "start":
        settings += " position:10% size:80% align:start"
    return settings
