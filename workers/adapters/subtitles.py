"""SRT and VTT to segments: each cue one final, cut where the speaker changes."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from msgspec import Struct

from schemas.segment import CaptionSegment, Word
from workers.adapters.cue_files import CueFormat, FileCue, cues, language
from workers.adapters.markup import Piece
from workers.adapters.rolling import unrolled
from workers.adapters.timed import Timed, final, in_order

_WORD = re.compile(r"\S+")


class _Speech(Struct, frozen=True):
    """What one voice says in one cue."""

    voice: str | None
    text: str
    starts_s: tuple[float | None, ...]
    """One for each word: when it begins, where the file tells."""


def read(text: str, stream_id: str, form: CueFormat) -> list[Timed]:
    """Read a file; its segments stand for themselves (mode ``replace``).

    Rows that YouTube's rolling form carries over are said once. Two voices in one
    cue share its time by the length of what they say, since the file does not tell
    when the second begins. Times and languages are as the file has them.

    Raises:
        ReadError: A line cannot be read, or a cue is over a bound.
    """
    tag = language(text)
    return in_order(
        segment
        for cue in unrolled(cues(text, form))
        for segment in _segments(cue, stream_id, tag)
    )


def _segments(
    cue: FileCue, stream_id: str, tag: str | None
) -> Iterator[CaptionSegment]:
    speeches = list(_speeches(cue))
    letters = sum(len(speech.text) for speech in speeches)
    start_s, spoken = cue.start_s, 0
    for speech in speeches:
        spoken += len(speech.text)
        end_s = round(cue.start_s + (cue.end_s - cue.start_s) * spoken / letters, 3)
        yield final(
            f"line {cue.line}",
            stream_id=stream_id,
            text=speech.text,
            start_s=start_s,
            end_s=end_s,
            words=_words(speech, start_s, max(start_s, end_s)),
            speaker=speech.voice,
            language=tag,
        )
        start_s = end_s


def _speeches(cue: FileCue) -> Iterator[_Speech]:
    # A row end parts words, as a space does.
    pieces = [piece for row in cue.rows for piece in (*row, Piece("\n"))]
    voices = [piece.voice for piece in pieces]
    for at, piece in enumerate(pieces):
        if piece.text == "\n" and at:
            voices[at] = voices[at - 1]
    pairs = zip(voices, pieces, strict=True)
    for voice, group in groupby(pairs, key=lambda pair: pair[0]):
        speech = _speech(voice, [piece for _, piece in group])
        if speech.text:
            yield speech


def _speech(voice: str | None, pieces: Sequence[Piece]) -> _Speech:
    """Join pieces; a word begins where the piece with its first letter does."""
    joined = "".join(piece.text for piece in pieces)
    times: dict[int, float] = {}
    at = 0
    for piece in pieces:
        if piece.at_s is not None:
            first = _WORD.search(joined, at)
            if first is not None and first.start() < at + len(piece.text):
                times[first.start()] = piece.at_s
        at += len(piece.text)
    words = list(_WORD.finditer(joined))
    return _Speech(
        voice,
        " ".join(word[0] for word in words),
        tuple(times.get(word.start()) for word in words),
    )


def _words(speech: _Speech, start_s: float, end_s: float) -> tuple[Word, ...]:
    """Give each word its time, if the file tells the time of any.

    Words between two that have times share what lies between them evenly. Times
    outside of the cue, or that go back, are pulled into line.
    """
    if not any(at_s is not None for at_s in speech.starts_s):
        return ()
    first_s, *others_s = speech.starts_s
    starts = [start_s if first_s is None else first_s, *others_s, end_s]
    known = [(n, at_s) for n, at_s in enumerate(starts) if at_s is not None]
    even: list[float] = []
    low_s = start_s
    for (n, at_s), (after, until_s) in pairwise(known):
        low_s = min(max(low_s, at_s), end_s)
        high_s = min(max(low_s, until_s), end_s)
        step_s = (high_s - low_s) / (after - n)
        even += [round(low_s + step_s * k, 3) for k in range(after - n)]
    ends = [*even[1:], end_s]
    return tuple(
        Word(text=text, start_s=begin_s, end_s=max(begin_s, stop_s))
        for text, begin_s, stop_s in zip(
            speech.text.split(" "), even, ends, strict=True
        )
    )
