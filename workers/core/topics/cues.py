"""Families of English phrases that stand where a talk turns, or where it does not."""

import re
from typing import Final

from workers.core.topics.announcing import announcement, spoken

FAMILIES: Final[dict[str, str]] = {
    "move_on": r"\b(?:next|move on|moving on|turn to|switch|shift gears|jump|go on to"
    r"|get to|on to|come back|back to)\b",
    "intention": r"\b(?:let'?s|let us|let me|shall we|we'?ll|we will|i'?ll"
    r"|i'?m going to|i want to|i wanna|i would like|i'd like|we have to|we need to)\b",
    "discourse": r"^(?:ok|okay|alright|all right|right|so|now|well|anyway|anyways"
    r"|and so|and now|good|great|cool|fine)\b",
    "continuation": r"^(?:and|but|because|which|that|it|they|he|she|this|yeah|yes|no|mm"
    r"|uh|um|exactly|or)\b",
    "asking": r"\b(?:what about|how about|how do you|what do you|can you|could you"
    r"|do you|tell me|question|ask|talk about|speaking of|you mentioned|you said"
    r"|you wrote|you've)\b",
    "agenda": r"\b(?:first|second|third|last|final|finally|another|other|agenda|item"
    r"|topic|issue|section|part|chapter|today|discuss|presentation|slide|minutes"
    r"|meeting|motion|order|report)\b",
    "courtesy": r"\b(?:thank|thanks|welcome|hello|hi everyone|good morning|recognize"
    r"|minister|madam|chair)\b",
    "pronoun": r"\b(?:it|that|this|they|them|these|those|he|she|him|her)\b",
}
"""The patterns the weights were trained with; flat alternatives, so linear in time."""

NAMES: Final = tuple(FAMILIES)
BIT: Final = {name: 1 << place for place, name in enumerate(NAMES)}
QUESTION: Final = 1 << len(NAMES)
"""Not a phrase: the sentence ends with a question mark."""
ANNOUNCES: Final = QUESTION << 1
"""Not a family: it is told in so many words that something comes (`announcement`)."""
THANKS: Final = QUESTION << 2
"""The sentence begins so, as who has been given the word does."""

_MOST_BEFORE: Final = 5
_THANKS: Final = frozenset(("thank", "thanks", "welcome", "hello", "hi"))
_GREETED: Final = frozenset(("morning", "afternoon", "evening"))
_BEFORE_THANKS: Final = frozenset(
    "ok okay alright right so now well and great fine um uh yeah yes oh"
    " excellent".split()
)

_TOLD: Final = ("move_on", "intention", "asking", "agenda", "courtesy")
"""Families worth quoting to a reader; "so" and "it" are not."""

_PATTERNS: Final = tuple(
    (BIT[name], name in _TOLD, re.compile(pattern, re.ASCII).search)
    for name, pattern in FAMILIES.items()
)
MAX_QUOTE: Final = 24


_QUESTION_MARKS: Final = ("?", "\uff1f", "\u061f", "\u037e")


def find_cues(text: str, language: str) -> tuple[int, str]:
    """Return the families found in plain text, as bits, and a cue to be quoted.

    Quoted is what announces, else the first family, in at most ``MAX_QUOTE``
    characters; nothing without a cue. Other languages than English have only questions.
    """
    bits = QUESTION if text.rstrip().endswith(_QUESTION_MARKS) else 0
    quote = ""
    if language != "en":
        return bits, quote
    if announced := announcement(text):
        bits |= ANNOUNCES
        quote = _quotable(announced)
    if _thanks(text):
        bits |= THANKS
    for bit, told, search in _PATTERNS:
        if found := search(text):
            bits |= bit
            if told and not quote:
                quote = found[0][:MAX_QUOTE]
    return bits, quote


def _quotable(announced: str) -> str:
    """Return as many words as there is room for; "now" alone tells nothing."""
    if announced == "now":
        return ""
    if len(announced) <= MAX_QUOTE:
        return announced
    return announced[: MAX_QUOTE + 1].rpartition(" ")[0]


def _thanks(text: str) -> bool:
    words = spoken(text, _MOST_BEFORE)
    while words and words[0] in _BEFORE_THANKS:
        words = words[1:]
    if words[:1] == ["good"]:
        return words[1:2] != [] and words[1] in _GREETED
    return bool(words) and words[0] in _THANKS
