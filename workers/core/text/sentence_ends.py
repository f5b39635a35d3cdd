"""Whether a word is the last of its sentence."""

import re
from typing import Final

_TERMINATORS: Final = ".!?…。！？｡؟۔।॥։።፧។။‼⁇⁈⁉"
_CLOSERS: Final = "\"'”’»›)]}」』）］】》〉〕\u200e\u200f\u061c\u202c\u2069"
"""Also the marks of direction that follow a full stop and are not seen."""
ENDS: Final = frozenset(_TERMINATORS + _CLOSERS)
"""What the last word of a sentence may end with."""

_ABBREVIATIONS: Final = frozenset(
    "mr mrs ms dr prof st jr sr vs etc e.g i.e cf approx dept est inc ltd"
    " co corp gen col sgt capt lt rev hon pres gov sen rep jan feb mar apr jun jul aug"
    " sep sept oct nov dec mt ave blvd  al bzw z.b d.h usw ca".split()
)
_BEFORE_NUMBERS: Final = frozenset("no nos nr fig vol p pp ch sec art".split())
"""Words by themselves, unless a number follows."""
_MONTHS: Final = frozenset(
    "januar jänner februar märz april mai juni juli august september oktober november"
    " dezember".split()
)
"""German writes the day before them as "3."; other languages in small letters."""
_QUOTED: Final = re.compile("[」』](?:と|って|など|なん)")
"""A quotation that is part of a Japanese sentence."""

_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
"""Letters between full stops: "U.S.", "J.R.R."; where one ends a sentence, a pause
or the next full stop tells."""


def is_closer(text: str) -> bool:
    """Tell whether a word is nothing but closing marks, which end what is before."""
    return not text.strip(_CLOSERS)


def ends_sentence(text: str, following: str | None) -> bool:
    """Tell whether a word is the last of its sentence.

    Args:
        text: The word with its punctuation.
        following: The next word, or None where none is known yet.
    """
    if text[-1] not in ENDS:
        return False
    closed = text[-1] in _CLOSERS
    if closed and following is not None and _QUOTED.match(text[-1] + following):
        return False
    text = text.rstrip(_CLOSERS)
    last = text[-1:]
    if not last or last not in _TERMINATORS:
        return False
    if last == "…" or text.endswith(".."):
        # A voice that trails off may go on; only a new beginning tells.
        return following is not None and following[:1].isupper()
    if last in "!?" and closed and following is not None and following[:1].islower():
        # "Stop!" he said.
        return False
    return last != "." or not _goes_on(text, following)


def _goes_on(text: str, following: str | None) -> bool:
    """Tell whether a full stop belongs to its word, not to the sentence."""
    stem = text.rstrip(".").lstrip("\"'“‘«([{").lower()
    if (
        _INITIALS.fullmatch(stem)
        or stem in _ABBREVIATIONS
        or (len(stem) == 1 and stem.isalpha() and stem != "i")
    ):
        return True
    if following is None:
        return False
    if stem.isdigit():
        return following.rstrip(".,;:").lower() in _MONTHS or following[:1].islower()
    return following[:1].islower() or (
        stem in _BEFORE_NUMBERS and following[:1].isdigit()
    )
