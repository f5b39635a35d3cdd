"""Rolling cues, as YouTube makes them: each row said once, when it was new.

A row comes in word by word below the row before it; a hold of 10 ms follows in which
it moves up; then the next row comes in below. So a file says everything about three
times. A row is *carried over* where it stood at the end of the cue before, and only
what is new is kept.

A spoken repeat survives: "Yes." below a carried-over "Yes." is a row of its own, and
a blank first row tells that nothing was carried over.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from workers.adapters.cue_files import FileCue
from workers.adapters.markup import Row, plain

HOLD_S = 0.05
"""YouTube's holds last 10 ms; nobody can read a real cue this short."""
FEWEST_MOVES = 3
"""Fewer may be people who repeat each other."""
TOUCHING_S = 0.1
"""Cues this near follow each other without a pause."""


def unrolled(cues: Sequence[FileCue]) -> list[FileCue]:
    """Leave out the rows that were carried over, if the file rolls at all.

    It rolls if at least half of the cues that touch the one before, and three of
    them, carry rows over and also move: rows go or come. Where words have times, as
    in YouTube's own files, one move or hold is enough. So three cues "Yes." in a row
    are three words in an ordinary file.
    """
    pairs = list(pairwise(cues))
    near = [(before, cue) for before, cue in pairs if _touch(before, cue)]
    moves = sum(_moves(before, cue) for before, cue in near)
    timed = any(_has_word_times(cue) for cue in cues)
    if timed:
        rolls = moves > 0 or any(_holds(before, cue) for before, cue in near)
    else:
        rolls = moves >= FEWEST_MOVES and moves * 2 >= len(near)
    if not rolls:
        return list(cues)
    return [*cues[:1], *(_new(before, cue, timed=timed) for before, cue in pairs)]


def _new(before: FileCue, cue: FileCue, *, timed: bool) -> FileCue:
    carried = _carried(before, cue)
    grows = carried < len(cue.rows)
    if _touch(before, cue) or (timed and grows):
        return replace(cue, rows=cue.rows[carried:])
    return cue


def _carried(before: FileCue, cue: FileCue) -> int:
    """Return how many first rows of *cue* are the last rows of *before*."""
    ended = [text for text in _texts(before.rows) if text]
    begins = list(_texts(cue.rows))
    longest = min(len(ended), len(begins))
    return next((n for n in range(longest, 0, -1) if ended[-n:] == begins[:n]), 0)


def _moves(before: FileCue, cue: FileCue) -> bool:
    carried = _carried(before, cue)
    if not carried:
        return False
    shown = sum(map(bool, _texts(before.rows)))
    return carried < max(shown, len(cue.rows))


def _holds(before: FileCue, cue: FileCue) -> bool:
    return cue.end_s - cue.start_s <= HOLD_S and _carried(before, cue) > 0


def _touch(before: FileCue, cue: FileCue) -> bool:
    return abs(cue.start_s - before.end_s) <= TOUCHING_S


def _has_word_times(cue: FileCue) -> bool:
    return any(piece.at_s is not None for row in cue.rows for piece in row)


def _texts(rows: Sequence[Row]) -> Iterator[str]:
    return map(plain, rows)
