"""Text that stays on its line in a file, whatever was in it."""

import re

_UNWRITABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def one_line(text: str) -> str:
    """Put single spaces for line ends, controls and what is no character.

    Joiners stay: scripts and emoji are written with them.
    """
    return " ".join(_UNWRITABLE.sub(" ", text).split())
