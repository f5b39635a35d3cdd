"""Times, speakers and counts as the demo writes them."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from schemas.captions import Caption


def clock(media_s: float | None) -> str:
    """Write media time as ``02:07``, or ``1:02:07`` after an hour."""
    if media_s is None:
        return "--:--"
    minutes, seconds = divmod(int(media_s), 60)
    hours, minutes = divmod(minutes, 60)
    short = f"{minutes:02}:{seconds:02}"
    return f"{hours}:{short}" if hours else short


def speaker(caption: Caption) -> str:
    """Return who speaks, not in capitals only: that is how files shout names."""
    name = printable(caption.speaker or caption.channel or "")
    return name.capitalize() if name.isupper() else name


def printable(text: str) -> str:
    """Replace what could end a line or steer a terminal."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else " " for one in text)


def plural(count: int, noun: str) -> str:
    """Write ``1 topic`` or ``2 topics``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def changed(before: str, after: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Tell what a revision replaced.

    Returns:
        The words that went, and where their successors stand in *after*: start and
        end in code points, whole words.
    """
    old, new = before.split(), after.split()
    gone: list[str] = []
    places: list[tuple[int, int]] = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(
        a=old, b=new, autojunk=False
    ).get_opcodes():
        if kind != "equal":
            gone += old[old_from:old_to]
            places.append(_place(after, new, new_from, new_to))
    return " ".join(gone), tuple(place for place in places if place[0] < place[1])


def _place(text: str, words: Sequence[str], first: int, end: int) -> tuple[int, int]:
    at = 0
    starts = []
    for word in words:
        at = text.index(word, at)
        starts.append(at)
        at += len(word)
    if first == end:
        return 0, 0
    return starts[first], starts[end - 1] + len(words[end - 1])
