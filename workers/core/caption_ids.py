"""Ids of captions: the life of a stream and the number of the caption in it."""

from typing import Final

_MAX_DIGITS: Final = 9


def caption_id(life: str, number: int) -> str:
    """Return the id of a caption, such as ``3-1042.c7``."""
    return f"{life}.c{number}"


def number_of(life: str, caption: str) -> int | None:
    """Return the number of a caption of this life, None for any other id."""
    start = f"{life}.c"
    digits = caption[len(start) :]
    if not caption.startswith(start) or len(digits) > _MAX_DIGITS:
        return None
    usable = digits.isascii() and digits.isdigit() and digits == str(int(digits))
    return int(digits) if usable else None
