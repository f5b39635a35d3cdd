"""A talk as kinds of recognisers send it, with marks or without, cut here or there."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise
from random import Random

from msgspec import Struct

from schemas.segment import CaptionSegment, Word
from workers.bench.topics.talks import TrueTalk

_WORD_S = 0.35
_BREAK_S = 0.4
"""Where a talk has no times: between two utterances, too short to end a sentence."""
_MOST_WORDS = 40
"""Of a final of uneven length."""
_LINE_WORDS = 7
_NO_WORD = re.compile(r"[^\w\s']")


class Said(Struct, frozen=True):
    """A word with its place in media time, and whose it is."""

    text: str
    start_s: float
    end_s: float
    utterance: int


Sending = Callable[[TrueTalk], list[CaptionSegment]]


def as_marked(talk: TrueTalk) -> list[CaptionSegment]:
    """Send each utterance as one final, with its marks and its speaker."""
    return [
        _segment(words, timed=False, speaker=talk.utterances[place].speaker)
        for place, words in enumerate(_utterances(talk))
    ]


def bare(talk: TrueTalk) -> list[CaptionSegment]:
    """Send each utterance as one final of lower-case words, and nothing else."""
    return [_segment(words, timed=False) for words in _bare(talk) if words]


def bare_uneven(talk: TrueTalk) -> list[CaptionSegment]:
    """Send lower-case words with their times, in finals that end anywhere."""
    # Not by the hash of a name, which differs from process to process.
    chance = Random(str(talk.id))  # noqa: S311  # no secret
    said = [word for words in _bare(talk) for word in words]
    finals = []
    while said:
        size = 1 + int(chance.random() * _MOST_WORDS)
        finals.append(_segment(said[:size], timed=True))
        said = said[size:]
    return finals


def bare_lines(talk: TrueTalk) -> list[CaptionSegment]:
    """Send lines of seven lower-case words; only lines have times, without a pause."""
    said = [word for words in _bare(talk) for word in words]
    lines = [said[at : at + _LINE_WORDS] for at in range(0, len(said), _LINE_WORDS)]
    starts = [line[0].start_s for line in lines] + [said[-1].end_s]
    return [
        _segment(line, timed=False, end_s=end_s)
        for line, end_s in zip(lines, starts[1:], strict=True)
    ]


KINDS: dict[str, Sending] = {
    "through process": as_marked,
    "without marks": bare,
    "in uneven finals": bare_uneven,
    "in lines of 7 words": bare_lines,
}
"""By the name of their rows."""


def starts(talk: TrueTalk) -> list[float]:
    """Return when each utterance begins, never earlier than the one before."""
    found: list[float] = []
    for start_s, _ in _spans(talk):
        found.append(max(start_s, found[-1] if found else 0.0))
    return found


def _utterances(talk: TrueTalk) -> Iterator[list[Said]]:
    """Yield the words of each utterance, their times by their share of its letters."""
    for place, (at_s, end_s) in enumerate(_spans(talk)):
        texts = talk.utterances[place].text.split()
        each_s = (end_s - at_s) / max(1, sum(len(text) + 1 for text in texts))
        ends_s = accumulate((each_s * (len(text) + 1) for text in texts), initial=at_s)
        yield [
            Said(text, start_s, until_s, place)
            for text, (start_s, until_s) in zip(texts, pairwise(ends_s), strict=True)
        ]


def _spans(talk: TrueTalk) -> Iterator[tuple[float, float]]:
    clock_s = 0.0
    timed = all(
        one.start is not None and one.end is not None for one in talk.utterances
    )
    for one in talk.utterances:
        start_s, end_s = clock_s, clock_s + _WORD_S * max(1, len(one.text.split()))
        if timed and one.start is not None and one.end is not None:
            start_s = max(0.0, one.start)
            end_s = max(start_s, one.end)
        clock_s = end_s + _BREAK_S
        yield start_s, end_s


def _bare(talk: TrueTalk) -> Iterator[list[Said]]:
    for words in _utterances(talk):
        yield [
            Said(text, word.start_s, word.end_s, word.utterance)
            for word in words
            for text in _NO_WORD.sub(" ", word.text).lower().split()
        ]


def _segment(
    words: Sequence[Said],
    *,
    timed: bool,
    speaker: str | int | None = None,
    end_s: float | None = None,
) -> CaptionSegment:
    return CaptionSegment(
        stream_id="talk",
        text=" ".join(word.text for word in words),
        is_final=True,
        start_s=round(words[0].start_s, 3),
        end_s=round(words[-1].end_s if end_s is None else end_s, 3),
        speaker=None if speaker is None else str(speaker),
        words=tuple(
            Word(
                text=word.text,
                start_s=round(word.start_s, 3),
                end_s=round(word.end_s, 3),
            )
            for word in words
        )
        if timed
        else None,
    )
