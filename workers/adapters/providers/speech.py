"""What a message says of one stretch of speech, as segments with their words."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from typing import Any

import msgspec
from msgspec import Struct

from schemas.fields import MAX_TEXT_BYTES, MAX_WORDS
from schemas.segment import CaptionSegment, Word
from workers.adapters.providers.provider import AdapterError
from workers.core.merging.words import split

LONGEST_TAG = 35
LEAST_S = 0.2
"""Somebody spoke: a stretch of no length would have no place in time."""


class Piece(Struct, frozen=True, omit_defaults=True, array_like=True):
    """A word, a part of one, a mark or several words, as the provider cuts them."""

    text: str
    """With its spaces, where they mean something."""
    start_s: float | None = None
    end_s: float | None = None
    confidence: float | None = None
    is_final: bool | None = None
    speaker: str | None = None


class Token(Struct, frozen=True):
    """One word of a text, as merging will cut it, with what the pieces tell of it."""

    word: Word
    glued: bool
    """No space stands before it."""
    speaker: str | None


def said(
    text: str,
    pieces: Sequence[Piece] = (),
    *,
    split_speakers: bool = False,
    **fields: Any,
) -> tuple[CaptionSegment, ...]:
    """Make the segments of one stretch of speech: one, or one a speaker.

    Args:
        text: All of it, as the provider writes it.
        pieces: What it gives with times; used where they spell the text.
        split_speakers: Cut where the speaker of the pieces changes.
        fields: Of the segment: ``stream_id``, ``provider``, ``is_final`` and more.
            Times that are missing come from the pieces.

    Raises:
        msgspec.ValidationError: A bound of `CaptionSegment` is broken.
    """
    # One that is too long for a segment is refused before it costs anything.
    tokens = tokens_of(text, pieces) if len(text) <= MAX_TEXT_BYTES else []
    if not tokens:
        speakers = {piece.speaker for piece in pieces if piece.speaker}
        if len(speakers) == 1:
            fields = {"speaker": speakers.pop()} | _known(fields)
        return (_segment(text=text.strip(), **fields),)
    groups = list(_groups(tokens)) if split_speakers else [tokens]
    if len(groups) == 1:
        speakers = {token.speaker for token in tokens if token.speaker}
        if len(speakers) == 1:
            fields = {"speaker": speakers.pop()} | _known(fields)
        return (_with_words(fields, text.strip(), tokens),)
    parts = []
    for place, group in enumerate(groups):
        last = place == len(groups) - 1
        own = fields | {
            "speaker": group[0].speaker,
            "start_s": group[0].word.start_s if place else fields.get("start_s"),
            "end_s": fields.get("end_s") if last else group[-1].word.end_s,
            "end_of_utterance": last and fields.get("end_of_utterance", False),
        }
        parts.append(_with_words(own, spelled(group), group))
    return tuple(parts)


def tokens_of(text: str, pieces: Sequence[Piece]) -> list[Token]:
    """Give the words of a text what the pieces tell of them.

    Where the pieces spell the text, a word has the times of its letters. Where they
    are as many as its words (other spelling, such as without punctuation), the n-th
    goes with the n-th. Else, or without pieces, none.
    """
    if not pieces:
        return []
    texts, glued = split(text)
    bare = ["".join(split(piece.text)[0]) for piece in pieces]
    if "".join(bare) == "".join(texts):
        words = list(_spelling(texts, pieces, bare))
    elif len(pieces) == len(texts):
        words = [
            _token(word, (piece,), piece.start_s, piece.end_s)
            for word, piece in zip(texts, pieces, strict=True)
        ]
    else:
        return []
    return [
        Token(word, joined, speaker)
        for (word, speaker), joined in zip(words, glued, strict=True)
    ]


def spelled(tokens: Sequence[Token]) -> str:
    """Write words as text."""
    return "".join(
        token.word.text if token.glued else f" {token.word.text}" for token in tokens
    ).lstrip(" ")


def tag(language: str | None) -> str | None:
    """Return a language, if there is one.

    Raises:
        AdapterError: It is too long to be one.
    """
    if language and len(language) > LONGEST_TAG:
        raise AdapterError("a language is too long to be a tag")
    return language or None


def share(value: float | None) -> float | None:
    """Bring a confidence into 0 to 1; some providers round beyond."""
    return None if value is None else min(1.0, max(0.0, value))


def _spelling(
    texts: Sequence[str], pieces: Sequence[Piece], bare: Sequence[str]
) -> Iterator[tuple[Word, str | None]]:
    ends = list(accumulate(map(len, bare)))
    first = at = 0
    for text in texts:
        until = at + len(text)
        while ends[first] <= at:
            first += 1
        last = first
        while ends[last] < until:
            last += 1
        start_s = _moment(pieces[first], len(bare[first]), ends[first] - at)
        end_s = _moment(pieces[last], len(bare[last]), ends[last] - until)
        own = [pieces[place] for place in range(first, last + 1) if bare[place]]
        yield _token(text, own, start_s, end_s)
        at = until


def _moment(piece: Piece, letters: int, left: int) -> float | None:
    """Return when a piece had so many letters left to say."""
    if piece.start_s is None or piece.end_s is None:
        return None
    length_s = piece.end_s - piece.start_s
    return round(piece.end_s - length_s * left / letters, 3)


def _token(
    text: str, pieces: Sequence[Piece], start_s: float | None, end_s: float | None
) -> tuple[Word, str | None]:
    if start_s is not None and end_s is not None:
        end_s = max(start_s, end_s)
    known = [piece.confidence for piece in pieces if piece.confidence is not None]
    final = [piece.is_final for piece in pieces if piece.is_final is not None]
    return (
        Word(
            text=text,
            start_s=start_s,
            end_s=end_s,
            confidence=share(min(known, default=None)),
            is_final=all(final) if final else None,
        ),
        next((piece.speaker for piece in pieces if piece.speaker), None),
    )


def _groups(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Cut where the speaker changes; a word of nobody goes on with the one before."""
    speaker: str | None = next((one.speaker for one in tokens if one.speaker), None)
    owned = []
    for token in tokens:
        speaker = token.speaker or speaker
        owned.append((speaker, token))
    for name, group in groupby(owned, key=lambda pair: pair[0]):
        yield [msgspec.structs.replace(token, speaker=name) for _, token in group]


def _with_words(
    fields: dict[str, Any], text: str, tokens: Sequence[Token]
) -> CaptionSegment:
    words = [token.word for token in tokens]
    timed = all(None not in (word.start_s, word.end_s) for word in words)
    listed = timed and len(words) <= MAX_WORDS
    own = _known(fields)
    if words[0].start_s is not None:
        own.setdefault("start_s", words[0].start_s)
    if words[-1].end_s is not None:
        own.setdefault("end_s", words[-1].end_s)
    return _segment(
        text=text, words=msgspec.to_builtins(words) if listed else None, **own
    )


def _segment(text: str, **fields: Any) -> CaptionSegment:
    """Make a segment, its times to the millisecond and in order."""
    start_s, end_s = fields.get("start_s"), fields.get("end_s")
    if start_s is not None:
        fields["start_s"] = round(start_s, 3)
    if end_s is not None:
        least_s = (start_s or 0.0) + (LEAST_S if text and start_s is not None else 0.0)
        fields["end_s"] = round(end_s if start_s is None else max(end_s, least_s), 3)
    return msgspec.convert({"text": text, **fields}, CaptionSegment)


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
