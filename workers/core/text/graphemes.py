"""What a reader takes for one character: extended grapheme clusters."""

import re
from typing import Final

import regex

_CLUSTER: Final = regex.compile(r"\X", regex.V1)
_PLAIN: Final = re.compile(
    r"[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u0556]*"
)


def is_plain(text: str) -> bool:
    """Tell, quickly, of most text that each code point is a character of one column.

    True for printable Latin, Greek and Cyrillic without combining marks; False says
    only that a closer look is needed.
    """
    if text.isascii() and text.isprintable():
        return True
    return _PLAIN.fullmatch(text) is not None


def graphemes(text: str) -> list[str]:
    """Cut *text* into its characters.

    Returns:
        Strings of one or more code points, which together are *text*.

    Source:
        UAX #29, extended grapheme clusters, in the tables of ``regex``.
    """
    if is_plain(text):
        return list(text)
    clusters: list[str] = _CLUSTER.findall(text)
    return clusters
