"""What is on the screen, moment by moment, as every format of subtitles has it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from schemas.captions import Cue
from schemas.fields import Message
from workers.core.cues.profiles import DASH, Profile
from workers.exports.latest import ExportError, cues
from workers.exports.one_line import one_line

LAST_MS = 100 * 3600 * 1000 - 1
"""SRT writes two digits of hours."""


class Voice(Struct, frozen=True):
    """Some lines, one below the other, of one speaker."""

    speaker: str | None
    lines: tuple[str, ...]
    """At least one; without controls and line ends, none empty."""


class Block(Struct, frozen=True):
    """What is on the screen between two moments; at least one voice."""

    start_ms: int
    end_ms: int
    voices: tuple[Voice, ...]
    language: str | None


def blocks(messages: Iterable[Message], profile: Profile | None = None) -> list[Block]:
    """Return what the cues that stand show, in order, without overlap.

    Cues that overlap are trimmed to the start of the next one; cues that begin in the
    same millisecond share a block, their lines above each other.

    Args:
        messages: Of one stream and one profile; what is no cue is ignored.
        profile: That of the cues; where it wants dashes, they are put in.

    Raises:
        ExportError: Several streams or profiles, or a cue without times or at 100
            hours or later; it is named.
    """
    dashes = profile is not None and profile.speakers != "apart"
    shown: list[Block] = []
    latest: str | None = None
    for block in _together(cues(messages)):
        if shown and shown[-1].end_ms > block.start_ms:
            before = shown.pop()
            shown.append(
                Block(before.start_ms, block.start_ms, before.voices, before.language)
            )
        shown.append(_dashed(block, latest) if dashes else block)
        latest = block.voices[-1].speaker or latest
    return shown


def _together(standing: Sequence[Cue]) -> Iterator[Block]:
    """Put cues that begin together into one block; each lasts at least 1 ms."""
    for start_ms, group in groupby(standing, key=lambda cue: _ms(cue, cue.start_s)):
        together = tuple(group)
        end_ms = max(_ms(cue, cue.end_s) for cue in together)
        voices = tuple(voice for cue in together for voice in _voices(cue))
        if voices:
            languages = {cue.language for cue in together}
            yield Block(
                start_ms,
                max(start_ms + 1, end_ms),
                voices,
                languages.pop() if len(languages) == 1 else None,
            )


def _voices(cue: Cue) -> Iterator[Voice]:
    speakers = cue.line_speakers or (cue.speaker,) * len(cue.lines)
    pairs = zip(speakers, map(one_line, cue.lines), strict=False)
    for speaker, group in groupby(pairs, key=lambda pair: pair[0]):
        lines = tuple(line for _, line in group if line)
        if lines:
            yield Voice(one_line(speaker or "") or None, lines)


def _dashed(block: Block, latest: str | None) -> Block:
    """Put a dash before each voice that is not the one heard before it."""
    several = len({voice.speaker for voice in block.voices}) > 1
    voices = []
    for voice in block.voices:
        lines = voice.lines
        changes = latest is not None and voice.speaker not in (None, latest)
        if several or changes:
            lines = (DASH + lines[0], *lines[1:])
        voices.append(Voice(voice.speaker, lines))
        latest = voice.speaker or latest
    return Block(block.start_ms, block.end_ms, tuple(voices), block.language)


def _ms(cue: Cue, at_s: float | None) -> int:
    assert at_s is not None
    at_ms = round(at_s * 1000)
    if at_ms > LAST_MS:
        raise ExportError(
            f"cue {cue.cue_id!r} is at 100 hours or later, which subtitles cannot "
            "write; a transcript can"
        )
    return at_ms
