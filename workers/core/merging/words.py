"""Words as heard: from the text of a segment, each with its place in time."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise, repeat
from typing import Final

import regex
from msgspec.structs import replace

from schemas.segment import CaptionSegment, Word
from workers.core.merging.heard import Heard
from workers.core.merging.moments import to_ms
from workers.core.text.graphemes import graphemes
from workers.core.text.normal import nfc
from workers.core.text.scripts import has_unspaced
from workers.core.text.words import word_bounds

LONGEST_WORD: Final = 40
"""Code points; longer ones are cut, so that a caption can always be cut too."""

_RUNNING: Final = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}、。！？」』）「『（ー]"
)
_CONTROL: Final = regex.compile(r"[\p{Cc}\p{Cs}]")
_SILENT: Final = regex.compile(r"[\W_]+")
_OPENERS: Final = "「『（【《〈〔([{“‘«"


def hear(
    segment: CaptionSegment, offset_s: float, span: tuple[float, float] | None
) -> tuple[Heard, ...]:
    """Take a segment apart into words.

    The text decides what the words are. Their times come from ``segment.words``
    where these are as many, else they are spread over the segment by length.

    Args:
        segment: As it came.
        offset_s: Added to its times, which begin anew in each epoch.
        span: When it was spoken, as `times` tells.

    Returns:
        Words in the order of the text, NFC, without control characters; times in
        seconds of media time, to the millisecond, or None where there are none.
    """
    texts, glued = split(segment.text)
    if not texts:
        return ()
    given = segment.words
    if given is None or len(given) != len(texts):
        if span is None:
            return tuple(map(Heard, texts, repeat(None), repeat(None), glued))
        return spread(texts, glued, *span)
    sure = [bool(word.is_final) for word in given]
    confidence = [word.confidence for word in given]
    if span is None or not _is_timeless(given):
        starts_s = _shifted([word.start_s for word in given], offset_s)
        ends_s = _shifted([word.end_s for word in given], offset_s)
    else:
        spoken = spread(texts, glued, *span)
        starts_s = [word.start_s for word in spoken]
        ends_s = [word.end_s for word in spoken]
    return tuple(map(Heard, texts, starts_s, ends_s, glued, sure, confidence))


def _is_timeless(given: Iterable[Word]) -> bool:
    return any(word.start_s is None or word.end_s is None for word in given)


def times(segment: CaptionSegment, offset_s: float) -> tuple[float, float] | None:
    """Return when a segment was spoken; a stretch of no length tells nothing."""
    start_s, end_s = segment.start_s, segment.end_s
    if start_s is None or end_s is None or end_s <= start_s:
        return None
    start_s, end_s = to_ms((start_s + offset_s, end_s + offset_s))
    return start_s, end_s


def spread(
    texts: Sequence[str], glued: Sequence[bool], start_s: float, end_s: float
) -> tuple[Heard, ...]:
    """Give words times by their share of the letters between two moments."""
    if not texts:
        return ()
    each_s = (end_s - start_s) / (len("".join(texts)) + len(texts))
    # Each guess says all its words anew, so this sees most words many times: where
    # one ends and the next one begins is rounded once for both.
    at_s = start_s
    bounds_s = [at_s]
    for text in texts:
        at_s += each_s * (len(text) + 1)
        bounds_s.append(at_s)
    bounds_s = to_ms(bounds_s)
    return tuple(map(Heard, texts, bounds_s, bounds_s[1:], glued))


def respread(words: Sequence[Heard], start_s: float, end_s: float) -> tuple[Heard, ...]:
    """Give words other times, spread between two moments."""
    texts, glued = [word.text for word in words], [word.glued for word in words]
    return tuple(
        replace(word, start_s=spoken.start_s, end_s=spoken.end_s)
        for word, spoken in zip(
            words, spread(texts, glued, start_s, end_s), strict=True
        )
    )


def join(words: Iterable[Heard]) -> str:
    """Write words as text."""
    return "".join(spaced(words)).lstrip(" ")


def spaced(words: Iterable[Heard]) -> list[str]:
    """Write each word with the space before it, if there is one."""
    return [word.text if word.glued else " " + word.text for word in words]


class Written:
    """Words to be written in stretches; mostly there is a space between all of them."""

    def __init__(self, words: Sequence[Heard]) -> None:
        self._apart = True not in [word.glued for word in words]
        self._texts = [word.text for word in words] if self._apart else spaced(words)

    def text(self, first: int, end: int) -> str:
        """Write the words from *first* to before *end*."""
        texts = self._texts[first:end]
        return " ".join(texts) if self._apart else "".join(texts).lstrip(" ")


def is_written_on(before: Heard, word: Heard) -> bool:
    """Tell whether no space stands between words of two segments: Chinese, Japanese."""
    first, last = word.text[0], before.text[-1]
    if first.isascii() or last.isascii():
        return False
    return _RUNNING.match(first) is not None and _RUNNING.match(last) is not None


def mean_confidence(
    stretches: Iterable[tuple[Sequence[Heard], float | None]],
) -> float | None:
    """Return the mean over words, 0 to 1, to the thousandth; None if none is known.

    Args:
        stretches: Words, with the confidence of those that have none of their own.
            What gives 0.0 for a word has no measure of it.
    """
    known = [
        confidence
        for words, of_all in stretches
        for word in words
        if (confidence := word.confidence or of_all)
    ]
    return round(sum(known) / len(known), 3) if known else None


@lru_cache(maxsize=4096)
def same(text: str) -> str:
    """Return what two spellings of one spoken word have in common."""
    if text.isalpha() and text.isascii():
        return text.lower()
    return _SILENT.sub("", text).casefold() or text


def split(text: str) -> tuple[list[str], list[bool]]:
    """Cut text at spaces, and inside what is too long or written without them."""
    plain = text.isascii()
    if not plain:
        text = nfc(text)
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    texts = text.split()
    if plain and not [1 for word in texts if len(word) > LONGEST_WORD]:
        return texts, [False] * len(texts)
    parts: list[str] = []
    glued: list[bool] = []
    for token in texts:
        pieces = _pieces(token)
        parts += pieces
        glued += [False] + [True] * (len(pieces) - 1)
    return parts, glued


def _pieces(token: str) -> list[str]:
    if token.isascii() and len(token) <= LONGEST_WORD:
        return [token]
    if len(token) <= LONGEST_WORD and not has_unspaced(token):
        return [token]
    pieces: list[str] = []
    for part in _parts(token):
        while len(part) > LONGEST_WORD:
            cut = _cluster_end(part, LONGEST_WORD)
            pieces.append(part[:cut])
            part = part[cut:]  # noqa: PLW2901  # what is left of it
        if part:
            pieces.append(part)
    return pieces


def _parts(token: str) -> list[str]:
    """Cut at word boundaries between graphemes; marks go with the word before them."""
    ends = {0}
    place = 0
    for grapheme in graphemes(token):
        place += len(grapheme)
        ends.add(place)
    parts: list[str] = []
    bounds = [bound for bound in word_bounds(token) if bound in ends]
    for first, end in pairwise(bounds):
        part = token[first:end]
        if parts and _goes_with(parts[-1], part):
            parts[-1] += part
        else:
            parts.append(part)
    return parts


def _goes_with(before: str, part: str) -> bool:
    """Tell whether marks belong to the word before them, or a word to those before."""
    if _SILENT.fullmatch(part):
        return part[0] not in _OPENERS
    return before[-1] in _OPENERS and bool(_SILENT.fullmatch(before))


def _cluster_end(text: str, limit: int) -> int:
    """Return the last end of a grapheme at or before *limit*, or of the first."""
    end = 0
    for match in regex.finditer(r"\X", text):
        if match.end() > limit and end:
            break
        end = match.end()
        if end >= limit:
            break
    return min(end, limit)


def _shifted(moments_s: list[float | None], offset_s: float) -> list[float | None]:
    known = [moment_s + offset_s for moment_s in moments_s if moment_s is not None]
    shifted = iter(to_ms(known))
    return [None if moment_s is None else next(shifted) for moment_s in moments_s]
