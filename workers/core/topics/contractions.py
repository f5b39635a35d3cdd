"""Words that a recogniser wrote apart: "let s", "i m", "doesn t"."""

import re
from typing import Final

_APART: Final = re.compile(
    r"\b(let|i|we|you|they|it|that|there|here|what|who|how|where|he|she)"
    r" (?=(?:s|m|d|ll|re|ve)\b)"
    r"|\b(don|doesn|didn|isn|wasn|weren|hasn|haven|hadn|couldn|wouldn|shouldn|aren|ain"
    r"|won|can) (?=t\b)",
    re.ASCII | re.IGNORECASE,
)
_MAY_BE_APART: Final = re.compile(r" (?:s|m|d|ll|re|ve|t)\b", re.ASCII | re.IGNORECASE)


def rejoined(text: str) -> str:
    """Return a text with its contractions as they are written; as long as it was.

    What stands apart would count as words, and "doesn" as a telling one.
    """
    if not _MAY_BE_APART.search(text):
        return text
    return _APART.sub(lambda found: f"{found[0][:-1]}'", text)
