"""A talk as we write it: who says what, about which topic, and when.

A talk file holds ``## Title`` where a topic opens, ``NAME: text`` for a turn of one or
more sentences, ``(pause 12)`` for seconds of silence and ``(noise 9)`` for seconds of
sound that is no speech. ``{fifteen|fifty}`` is the word ``fifty``, first heard as
``fifteen``. The times are ours too: the same file is always spoken in the same way.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

GapKind = Literal["pause", "noise"]

FIRST_WORD_S = 0.5
LETTER_S = 0.04
WORD_S = 0.12
LETTERS_OF_A_DIGIT = 3
LONGEST_WORD_S = 0.9
COMMA_S = 0.12
SENTENCE_PAUSE_S = (0.3, 0.6)
TURN_PAUSE_S = (0.5, 0.9)
BREATHLESS_WORDS = 20
"""After a sentence of so many words the pause is the longest of its kind."""

_LINE = re.compile(
    r"## (?P<title>.+)"
    r"|\((?P<gap>pause|noise) (?P<gap_s>\d+)\)"
    r"|(?P<speaker>[A-Z]+): (?P<text>.+)"
)
_GAP_KINDS: dict[str, GapKind] = {"pause": "pause", "noise": "noise"}
_MISHEARD = re.compile(r"\{(?P<heard>[^|}]+)\|(?P<said>[^}]+)\}")
_SENTENCE_END = re.compile(r"[.?!]$")
_ABBREVIATIONS = frozenset({"Dr.", "Mr.", "Mrs.", "e.g."})


class SpokenWord(Struct, frozen=True, kw_only=True):
    """One word with its place in media time."""

    text: str
    """With the punctuation that follows it."""
    start_s: float
    end_s: float
    misheard: str | None = None
    """What a recogniser takes it for at first."""


class Sentence(Struct, frozen=True, kw_only=True):
    """One sentence of one speaker; it has at least one word."""

    speaker: str
    words: tuple[SpokenWord, ...]


class Gap(Struct, frozen=True, kw_only=True):
    """A stretch of media time in which nobody speaks."""

    kind: GapKind
    start_s: float
    end_s: float
    sentence: int
    """Index of the first sentence after it."""


class TopicStart(Struct, frozen=True, kw_only=True):
    """The true place where a topic begins."""

    title: str
    sentence: int
    """Index of its first sentence."""
    start_s: float


class Talk(Struct, frozen=True, kw_only=True):
    """All of a talk, in time order."""

    sentences: tuple[Sentence, ...]
    topics: tuple[TopicStart, ...]
    gaps: tuple[Gap, ...]


class BadTalkError(ValueError):
    """A line of a talk file that we cannot read; the message names it."""


def parse(text: str) -> Talk:
    """Read a talk file and speak it.

    Returns:
        The talk with the media time of each word, in seconds, rounded to 0.01 s.

    Raises:
        BadTalkError: A line is of no known form, nobody speaks about a topic or after
            a gap, or a noise comes first.
    """
    sentences: list[Sentence] = []
    topics: list[TopicStart] = []
    gaps: list[Gap] = []
    title: str | None = None
    clock_s = FIRST_WORD_S
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        parts = _LINE.fullmatch(line.rstrip())
        if parts is None:
            raise BadTalkError(f"line {number} is no topic, turn or gap: {line!r}")
        here = len(sentences)
        if parts["title"]:
            if title is not None:
                raise BadTalkError(f"nobody speaks about {title!r}")
            title = parts["title"]
        elif parts["gap"]:
            end_s = round(clock_s + int(parts["gap_s"]), 2)
            kind = _GAP_KINDS[parts["gap"]]
            gaps.append(Gap(kind=kind, start_s=clock_s, end_s=end_s, sentence=here))
            clock_s = end_s
        else:
            if title is not None:
                topics.append(TopicStart(title=title, sentence=here, start_s=clock_s))
                title = None
            turn, clock_s = _speak(parts["speaker"], parts["text"], clock_s)
            sentences.extend(turn)
    if title is not None or (gaps and gaps[-1].sentence == len(sentences)):
        raise BadTalkError("nobody speaks after the last topic or gap")
    if any(gap.kind == "noise" and gap.sentence == 0 for gap in gaps):
        raise BadTalkError("a noise comes before anybody has spoken")
    return Talk(sentences=tuple(sentences), topics=tuple(topics), gaps=tuple(gaps))


def _speak(speaker: str, text: str, clock_s: float) -> tuple[list[Sentence], float]:
    """Speak one turn; also return when the next one may begin."""
    turn: list[Sentence] = []
    texts = list(_split(text))
    for number, tokens in enumerate(texts, start=1):
        words: list[SpokenWord] = []
        for token in tokens:
            misheard = _MISHEARD.search(token)
            said = _MISHEARD.sub(r"\g<said>", token)
            end_s = round(clock_s + _spoken_s(said), 2)
            words.append(
                SpokenWord(
                    text=said,
                    start_s=clock_s,
                    end_s=end_s,
                    misheard=_MISHEARD.sub(r"\g<heard>", token) if misheard else None,
                )
            )
            clock_s = round(end_s + (COMMA_S if said.endswith(",") else 0), 2)
        turn.append(Sentence(speaker=speaker, words=tuple(words)))
        last = number == len(texts)
        pause_s = _pause_s(len(words), TURN_PAUSE_S if last else SENTENCE_PAUSE_S)
        clock_s = round(clock_s + pause_s, 2)
    return turn, clock_s


def _split(text: str) -> Iterator[Sequence[str]]:
    """Yield the words of each sentence."""
    tokens: list[str] = []
    for token in text.split():
        tokens.append(token)
        if _SENTENCE_END.search(token) and token not in _ABBREVIATIONS:
            yield tuple(tokens)
            tokens.clear()
    if tokens:
        yield tuple(tokens)


def _spoken_s(word: str) -> float:
    letters = sum(
        LETTERS_OF_A_DIGIT if letter.isdigit() else 1
        for letter in word
        if letter.isalnum()
    )
    return min(WORD_S + LETTER_S * letters, LONGEST_WORD_S)


def _pause_s(words: int, bounds_s: tuple[float, float]) -> float:
    """Return a pause that is the longer, the longer the sentence was."""
    shortest_s, longest_s = bounds_s
    share = min(words, BREATHLESS_WORDS) / BREATHLESS_WORDS
    return shortest_s + (longest_s - shortest_s) * share
