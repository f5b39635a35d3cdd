"""Rows of SRT and VTT cues: tags off, entities decoded; voices and word times kept."""

import html
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from workers.adapters.timed import CLOCK, seconds

_TAG = re.compile(
    rf"<(?P<clock>{CLOCK})>"
    r"|<v(?:\.[^\s<>]*)?(?:\s+(?P<voice>[^<>]*))?>"
    r"|(?P<unvoice></v>)"
    r"|</?(?:[bcisu]|font|lang|ruby|rt)(?:[.\s][^<>]*)?>"
    r"|\{\\[^{}]*\}"
)
"""The tags of both formats and the positions that SSA left in SRT. Others, such as
``<laughs>``, are words that somebody wrote."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


class Piece(Struct, frozen=True):
    """Text between two tags."""

    text: str
    at_s: float | None = None
    """The word time before it in this row, if there is one."""
    voice: str | None = None
    """Who speaks, if the cue says so."""


Row = tuple[Piece, ...]


def rows(raw: Sequence[str]) -> Iterator[Row]:
    """Read the rows of one cue; a voice goes on until the next one."""
    voice: str | None = None
    for line in raw:
        pieces: list[Piece] = []
        at_s: float | None = None
        end = 0
        for tag in _TAG.finditer(line):
            if tag.start() > end:
                pieces.append(Piece(_decoded(line[end : tag.start()]), at_s, voice))
            end = tag.end()
            if tag["clock"]:
                at_s = seconds(tag["clock"])
            elif tag["unvoice"]:
                voice = None
            elif tag["voice"] is not None:
                voice = " ".join(_decoded(tag["voice"]).split()) or None
        if end < len(line):
            pieces.append(Piece(_decoded(line[end:]), at_s, voice))
        yield tuple(pieces)


def plain(row: Row) -> str:
    """Return what a row says, with single spaces."""
    return " ".join("".join(piece.text for piece in row).split())


def _decoded(text: str) -> str:
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)
