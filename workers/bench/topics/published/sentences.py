"""What was said in one go, cut into sentences."""

import re
from collections.abc import Iterator

_MARKS = re.compile(r"\{[^}]*\}")
"""``{vocalsound}``, ``{disfmarker}``: no words."""
_LOOSE = re.compile(r"\s+(?=[.,?!;:])")
_END = re.compile(r"(?<=[.?!])\s+")


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text that have a word."""
    plain = _LOOSE.sub("", " ".join(_MARKS.sub(" ", text).split()))
    for sentence in _END.split(plain):
        if re.search(r"\w", sentence):
            yield sentence
