"""Speech that is sent once, piece by piece, and never taken back.

Such providers send a few letters or words at a time, which join on to what came before
with or without a space: no such piece could be a segment of its own. So the pieces of
an utterance are kept until it ends, and each message gives all of it anew: as an
interim whose pieces are final, with the guess that follows them, if there is one; and
as a final at the end of a sentence, a change of speaker, an end that the provider
tells, or its own bound. Merging makes captions of them, so an end too early does no
harm.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from workers.adapters.providers.provider import Segments
from workers.adapters.providers.speech import Piece, said
from workers.core.text.sentence_ends import ends_sentence

LONGEST = 400
"""Code points of an utterance; it then ends at the next space, or at twice as many."""
MANY_PIECES = 64
"""It then ends at the next space, too."""
MOST_PIECES = 96
"""However they are cut: 10 KiB, so that six channels have room in a state."""


class Growing(Struct, frozen=True, omit_defaults=True):
    """The utterance that is open."""

    pieces: tuple[Piece, ...] = ()


def grown(
    growing: Growing,
    sure: Sequence[Piece],
    guess: Sequence[Piece] = (),
    *,
    ended: bool = False,
    **fields: Any,
) -> tuple[Growing, Segments]:
    """Take in what one message says.

    Args:
        growing: The utterance before it.
        sure: Pieces that will not change, with their spaces.
        guess: What follows them for now.
        ended: The provider says that the utterance ends here.
        fields: Of all its segments.

    Returns:
        The utterance that is open now, and finals and an interim.

    Raises:
        msgspec.ValidationError: A bound of `CaptionSegment` is broken.
    """
    segments: Segments = ()
    for piece in sure:
        if growing.pieces and _parts(growing.pieces, piece):
            segments += finished(growing, **fields)
            growing = Growing()
        if piece.text.strip() or growing.pieces:
            growing = Growing((*growing.pieces, _kept(growing.pieces, piece)))
        if growing.pieces and _ends(growing.pieces):
            segments += finished(growing, **fields)
            growing = Growing()
    if ended:
        return Growing(), segments + finished(growing, end_of_utterance=True, **fields)
    if guess and growing.pieces and _turns(growing.pieces, guess[0]):
        segments += finished(growing, **fields)
        growing = Growing()
    open_now = (*growing.pieces, *(replace(one, is_final=False) for one in guess))
    if not _text(open_now).strip():
        return growing, segments
    interim = said(
        _text(open_now), open_now, is_final=False, **_timed(open_now, fields)
    )
    return growing, segments + interim


def finished(growing: Growing, **fields: Any) -> Segments:
    """Return the open utterance as a final: nothing will be added to it."""
    if not _text(growing.pieces).strip():
        return ()
    return said(
        _text(growing.pieces),
        growing.pieces,
        is_final=True,
        **_timed(growing.pieces, fields),
    )


def _kept(pieces: Sequence[Piece], piece: Piece) -> Piece:
    """Return what is kept of a piece; one of them names the speaker."""
    again = piece.speaker == _speaker(pieces)
    return replace(piece, is_final=True, speaker=None if again else piece.speaker)


def _speaker(pieces: Sequence[Piece]) -> str | None:
    return next((one.speaker for one in reversed(pieces) if one.speaker), None)


def _timed(pieces: Sequence[Piece], fields: dict[str, Any]) -> dict[str, Any]:
    starts = [one.start_s for one in pieces if one.start_s is not None]
    ends = [one.end_s for one in pieces if one.end_s is not None]
    return {
        "start_s": min(starts, default=None),
        "end_s": max(ends, default=None),
    } | fields


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _parts(pieces: Sequence[Piece], after: Piece) -> bool:
    """Tell whether a piece begins an utterance of its own."""
    if len(pieces) >= MOST_PIECES or _turns(pieces, after):
        return True
    if not after.text[:1].isspace():
        return False
    text = _text(pieces)
    words, following = text.split(), after.text.split()
    return (
        len(text) > LONGEST
        or len(pieces) >= MANY_PIECES
        or bool(words and following and ends_sentence(words[-1], following[0]))
    )


def _turns(pieces: Sequence[Piece], after: Piece) -> bool:
    before = _speaker(pieces)
    return None not in (before, after.speaker) and before != after.speaker


def _ends(pieces: Sequence[Piece]) -> bool:
    """Tell whether it ends here: with a sentence; after ``3.`` a digit may follow."""
    text = _text(pieces)
    words = text.split()
    if not words or len(text) > 2 * LONGEST:
        return bool(words)
    return ends_sentence(words[-1], None) and not words[-1].rstrip(".")[-1:].isdigit()
