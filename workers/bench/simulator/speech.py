"""What is really said: words with their times, speakers and channels."""

from collections.abc import Sequence
from random import Random

from msgspec import Struct

VOCABULARY = {
    "en": tuple(
        "yes no the a river runs down to old mill and we it of in boats pier water"
        " town people say that there is so well then now here light house".split()
    ),
    # Written without spaces: a word here is what carries a time.
    "ja": tuple("今日 は いい 天気 です 明日 も 雨 が 降る 川 町 人 と 思う".split()),
    "th": tuple("วันนี้ อากาศ ดี มาก ฝน ตก แม่น้ำ เมือง คน เดิน ไป".split()),
    "ar": tuple("نعم لا النهر يجري إلى المدينة القديمة والناس هنا كتب".split()),
}
ENDS = {"en": ".?!", "ja": "。？", "th": "", "ar": ".؟"}
SPACED = frozenset(("en", "ar"))
MARKED = 0.85
"""Utterances that end with a mark, where their language has one."""


class Spoken(Struct, frozen=True, kw_only=True):
    """One word as spoken; times in seconds of media time."""

    text: str
    start_s: float
    end_s: float


class Utterance(Struct, frozen=True, kw_only=True):
    """What one speaker says between two pauses; at least one word, in time order."""

    words: tuple[Spoken, ...]
    speaker: str | None = None
    channel: str | None = None
    language: str = "en"


Talk = tuple[Utterance, ...]
"""In order of their starts; on one channel no two overlap."""


def talk(
    rng: Random,
    *,
    utterances: int,
    language: str = "en",
    punctuated: bool = True,
    pauses: bool = True,
    speakers: Sequence[str | None] = (None,),
    channel: str | None = None,
) -> Talk:
    """Make up a talk on one channel.

    Args:
        rng: Decides everything.
        utterances: How many; of 1 to 12 words each.
        language: A key of ``VOCABULARY``.
        punctuated: Utterances end with a mark, where the language has one.
        pauses: Some pauses are longer than the 0.8 s that end a caption.
        speakers: Who takes turns.
        channel: Of all utterances.
    """
    at_s = 0.3
    said = []
    for _ in range(utterances):
        lengths = [0.1, 0.3, 0.5, 0.9, 1.6] if pauses else [0.05]
        at_s += rng.choice(lengths)
        texts = [
            rng.choice(VOCABULARY[language])
            for _ in range(rng.choice([1, 2, 4, 7, 12]))
        ]
        marks = ENDS[language]
        if punctuated and marks and rng.random() < MARKED:
            texts[0] = texts[0].capitalize()
            texts[-1] += rng.choice(marks)
        words = []
        for text in texts:
            end_s = at_s + rng.choice([0.16, 0.24, 0.34, 0.48])
            words.append(
                Spoken(text=text, start_s=round(at_s, 3), end_s=round(end_s, 3))
            )
            at_s = end_s + rng.choice([0.0, 0.0, 0.04, 0.12])
        at_s = words[-1].end_s
        said.append(
            Utterance(
                words=tuple(words),
                speaker=rng.choice(speakers),
                channel=channel,
                language=language,
            )
        )
    return tuple(said)


def written(texts: Sequence[str], language: str) -> str:
    """Write words as their script does, with spaces or without."""
    return (" " if language in SPACED else "").join(texts)
