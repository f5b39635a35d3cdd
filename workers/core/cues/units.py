"""Where a line may end: units of text, which stay whole on their line."""

import re
from itertools import pairwise
from typing import Final

import regex
from msgspec.structs import replace

from workers.core.cues.unit import Unit
from workers.core.text.columns import columns, grapheme_columns
from workers.core.text.graphemes import graphemes, is_plain
from workers.core.text.words import word_bounds

_TOKEN: Final = re.compile(r"\S+(?:[\u00a0\u2007\u202f]{1,2}\S+)*")
"""What stands between spaces; one or two that do not break are part of it."""

_UNSPACED: Final = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
    r"\p{LineBreak=CJ}\p{LineBreak=CL}\p{LineBreak=ZW}]"
)
_NOT_FIRST: Final = regex.compile(
    r"[\p{LineBreak=CL}\p{LineBreak=CP}\p{LineBreak=EX}\p{LineBreak=IS}"
    r"\p{LineBreak=NS}\p{LineBreak=CJ}\p{LineBreak=IN}\p{LineBreak=PO}"
    r"\p{LineBreak=SY}\p{LineBreak=GL}\p{Pf}ะาำๅๆฯະາຳ]"
)
_NOT_LAST: Final = regex.compile(
    r"[\p{LineBreak=OP}\p{LineBreak=PR}\p{LineBreak=GL}\p{Pi}เ-ไເ-ໄ]"
)


def units_of(
    text: str, start: int, end: int, max_chars: int, *, inside: bool = False
) -> list[Unit]:
    """Take a stretch of text apart at the places where a line may end.

    These are spaces, and in scripts written without them the word boundaries that
    do not leave a closing mark first or an opening one last. What is still longer
    than a line is cut between graphemes.

    A longer *end* moves none of these places, save that the last unit may grow.

    Args:
        text: The whole caption.
        start: The first code point to look at.
        end: The end of the stretch, exclusive.
        max_chars: Columns of a line.
        inside: The stretch begins inside a token that is longer than a line.

    Returns:
        Units in order: no two overlap, and between two there are only spaces.

    Source:
        UAX #29 for words and graphemes, the classes of UAX #14 for closing and
        opening marks.
    """
    units: list[Unit] = []
    plain = is_plain(text[start:end])
    for at, token in _tokens(text, start, end, plain=plain):
        size = len(token)
        part = inside and not units
        if size <= max_chars and (plain or is_plain(token)):
            units.append(Unit(at, at + size, token, size, True, part))
        else:
            units += _pieces(token, at, max_chars, part=part)
    return units


def _tokens(text: str, start: int, end: int, *, plain: bool) -> list[tuple[int, str]]:
    """Return what stands between spaces, and where; plain text has no other space."""
    if not plain:
        found = _TOKEN.finditer(text, start, end)
        return [(match.start(), match.group()) for match in found]
    tokens = []
    at = start
    for token in text[start:end].split(" "):
        if token:
            tokens.append((at, token))
        at += len(token) + 1
    return tokens


def written_together(before: str, after: str) -> bool:
    """Tell whether no space stands between two texts, by their script."""
    return bool(_UNSPACED.match(before[-1:]) and _UNSPACED.match(after[:1]))


def _pieces(token: str, at: int, max_chars: int, *, part: bool) -> list[Unit]:
    # A mark without a letter stands on the space before it, and is seen there.
    on_space = max(0, columns(" " + token) - 1 - columns(token))
    pieces: list[Unit] = []
    for word in _words(token):
        width = columns(word) + on_space
        if width > max_chars:
            for piece, wide in _lines(word, max_chars, on_space):
                end = at + len(piece)
                pieces.append(Unit(at, end, piece, wide, not pieces, True))
                at = end
        elif width == 0 and pieces:
            # What cannot be seen must not stand alone, nor make the search long.
            last = pieces.pop()
            at += len(word)
            pieces.append(replace(last, end=at, text=last.text + word))
        else:
            end = at + len(word)
            pieces.append(Unit(at, end, word, width, not pieces, part))
            at = end
        part = False
        on_space = 0
    return pieces


def _words(token: str) -> list[str]:
    """Cut a token where its script, without spaces, lets a line end."""
    if is_plain(token) or not _UNSPACED.search(token):
        return [token]
    ends = set()
    place = 0
    for grapheme in graphemes(token):
        place += len(grapheme)
        ends.add(place)
    cuts = [0]
    for bound in word_bounds(token)[1:-1]:
        before, after = token[bound - 1], token[bound]
        if (
            bound in ends
            and (_UNSPACED.match(before) or _UNSPACED.match(after))
            and not _NOT_FIRST.match(after)
            and not _NOT_LAST.match(before)
        ):
            cuts.append(bound)
    cuts.append(len(token))
    return [token[first:last] for first, last in pairwise(cuts)]


def _lines(word: str, max_chars: int, width: int) -> list[tuple[str, int]]:
    """Cut a word between graphemes into full lines and a rest, with their columns.

    *width* columns of the first line are taken already.
    """
    lines: list[tuple[str, int]] = []
    first = place = 0
    for grapheme in graphemes(word):
        wide = grapheme_columns(grapheme)
        if width + wide > max_chars:
            lines.append((word[first:place], width))
            first, width = place, 0
        place += len(grapheme)
        width += wide
    lines.append((word[first:], width))
    return lines
