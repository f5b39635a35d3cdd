"""English words that a recogniser wrote apart: "let s", "i m", "doesn t"."""

import re
from typing import Final

from workers.core.topics.guess import language_of

# What follows is in small letters, so "your I D card" stays as it is.
_APART: Final = re.compile(
    r"\b(?i:let|i|we|you|they|it|that|there|here|what|who|how|where|he|she)"
    r" (?=(?:s|m|d|ll|re|ve)\b)"
    r"|\b(?i:don|doesn|didn|isn|wasn|weren|hasn|haven|hadn|couldn|wouldn|shouldn|aren"
    r"|ain|won|can) (?=t\b)"
)
_MAY_BE_APART: Final = re.compile(r" (?:s|m|d|ll|re|ve|t)\b")


def rejoined(text: str, tag: str | None) -> str:
    """Return an English text with its contractions in one; as long as it was.

    What stands apart would count as words, and "doesn" as a telling one.

    Args:
        text: Of a sentence.
        tag: Of its language, as in `language_of`.
    """
    if not _MAY_BE_APART.search(text) or language_of(text, tag) != "en":
        return text
    return _APART.sub(lambda found: f"{found[0][:-1]}'", text)
