"""English phrases by which who leads a talk turns it: "now let's look at", "next item".

Word by word, each looked up once, so the time is linear in what is said.
"""

from collections.abc import Sequence
from typing import Final

_MOST: Final = 40
"""Words of a sentence that are looked at."""
_FILLED: Final = 4
"""Words that may stand between who will do something and what it is."""
_TRIM: Final = '.,;:?!"()-<>\u2026\u2013\u2014\u2018\u201c\u201d'


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LEADING: Final = _set(
    "ok okay alright all right so now well anyway and good great cool fine um uh er but"
    " then yeah yes oh first next again"
)
"""A sentence may begin with any of them."""
_WILL: Final = _set("let's lemme we'll i'll i'd we'd")
_WILL_TWO: Final = {
    "let": _set("us me"),
    "shall": _set("we"),
    "we": _set("will can want wanted need have should might wanna would"),
    "i": _set("will can want wanted need have should might wanna would"),
    "i'm": _set("going gonna"),
    "we're": _set("going gonna"),
}
"""By their first word."""
_ARE: Final = {"i": _set("am"), "we": _set("are")}
_WILL_THREE: Final = _set("going gonna")
_BETWEEN: Final = _set("now just also")
_FILLING: Final = _set(
    "now just then also go back quickly briefly really to start by begin move on and"
    " ahead a look take have like going gonna"
)
_VERBS: Final = _set(
    "turn move switch jump return start begin continue proceed get come shift step dive"
    " change finish wrap close end talk discuss ask look introduce present cover"
    " consider show define think mention tell say explain describe address see review"
    " examine explore focus bring raise point give demonstrate draw derive calculate"
    " prove do try suppose imagine create open make put pick summarize recap highlight"
    " share touch hear read welcome thank speak go take"
)
"""Some fill too; then what follows counts, and where nothing does, they do."""
_MOVING: Final = {
    "moving": _set("on to back"),
    "turning": _set("to back"),
    "going": _set("back"),
    "coming": _set("back"),
    "getting": _set("back"),
    "back": _set("to"),
    "on": _set("to"),
    "over": _set("to"),
}
_ORDER: Final = _set(
    "next last final another other second third fourth fifth first more following new"
    " remaining big main"
)
_FILLS_ORDER: Final = _set(
    "big main important interesting quick key major little few couple of the your"
)
_FILLS_MOST: Final = 3
_PARTS: Final = _set(
    "question questions thing things point points topic topics item items issue issues"
    " part parts way ways one step problem example section speaker questioner chapter"
    " project projects slide bullet presentation option idea lesson piece news story"
    " segment subject case type kind method approach feature concept aspect area reason"
    " class lecture stage phase page category component agenda order motion petition"
    " report release update paper algorithm law theorem experiment demonstration"
)
"""What a talk is made of."""
_PAIRS: Final = {
    "last": _set("time week lecture month class meeting year"),
    "this": _set("lecture morning episode video session meeting afternoon week"),
    "so": _set("far"),
    "couple": _set("of"),
    "number": _set("of one two three"),
    "bunch": _set("of"),
    "one": _set("is"),
    "are": _set("two three four five several many some different other"),
    "name": _set("is"),
}
_ALONE: Final = _set("today yesterday earlier previously")
_ANYWHERE: Final = _ORDER | _ALONE | frozenset(_PAIRS)


def announcement(text: str) -> str:
    """Return the words of plain text that announce something, empty if none do."""
    words = spoken(text, _MOST)
    start = 0
    while start < len(words) and words[start] in _LEADING:
        start += 1
    found = _intention(words, start)
    if not found and "now" in words[:start]:
        found = "now"
    return found or _part(words)


def spoken(text: str, most: int) -> list[str]:
    """Return the first words of plain text, without the marks around them."""
    words = [word.strip(_TRIM) for word in text.split(None, most)[:most]]
    return [word for word in words if word]


def _intention(words: Sequence[str], start: int) -> str:
    """Return who will do what from here on: "let's look", "i'm going to show"."""
    first, second = (*words[start : start + 2], "", "")[:2]
    if second in _MOVING.get(first, ()):
        return f"{first} {second}"
    at = _after_will(words, start)
    if not at:
        return ""
    end = at
    while end < len(words) and end - at < _FILLED and words[end] in _FILLING:
        end += 1
    for place in range(min(end, len(words) - 1), at - 1, -1):
        if words[place] in _VERBS:
            return " ".join(words[start : place + 1])
    return ""


def _after_will(words: Sequence[str], start: int) -> int:
    """Return the place after "let us", "we now are going" and the like, else 0."""
    first = words[start] if start < len(words) else ""
    at = _skip(words, start + 1)
    if first in _WILL:
        return at
    here = words[at] if at < len(words) else ""
    if here in _WILL_TWO.get(first, ()):
        return at + 1
    if here in _ARE.get(first, ()):
        at = _skip(words, at + 1)
        if at < len(words) and words[at] in _WILL_THREE:
            return at + 1
    return 0


def _skip(words: Sequence[str], at: int) -> int:
    while at < len(words) and words[at] in _BETWEEN:
        at += 1
    return at


def _part(words: Sequence[str]) -> str:
    """Return what tells that a further part comes: "another question", "last time"."""
    for at, word in enumerate(words):
        if word not in _ANYWHERE:
            continue
        following = words[at + 1] if at + 1 < len(words) else ""
        if word in _ALONE:
            return word
        if following in _PAIRS.get(word, ()):
            return f"{word} {following}"
        if word in _ORDER:
            place = at + 1
            while place - at <= _FILLS_MOST and words[place : place + 1]:
                if words[place] in _PARTS:
                    return f"{word} {words[place]}"
                if words[place] not in _FILLS_ORDER:
                    break
                place += 1
    return ""
