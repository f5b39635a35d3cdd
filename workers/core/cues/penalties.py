"""What it costs to end a line between two units."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

import regex

from workers.core.cues.function_words import FunctionWords, function_words
from workers.core.cues.unit import Unit
from workers.core.text.sentence_ends import ends_sentence

# The figures are ours: only their order has a source. A whole empty line costs 60
# (see search), so that a line moves some 10 columns for one step of this ladder.
SENTENCE: Final = 0.0
CLAUSE: Final = 3.0
CONJUNCTION: Final = 4.0
PREPOSITION: Final = 6.0
PLAIN: Final = 12.0
DESCRIBED: Final = 17.0
"""Between an adjective and its noun, as far as a list can tell."""
LED: Final = 22.0
"""Between a pronoun or helping verb and its verb, a verb and its particle."""
AFTER_SMALL: Final = 25.0
"""Between a conjunction or preposition and what it leads to."""
BOUND: Final = 32.0
"""Between article and noun, inside a name, between a number and what it counts."""
PART: Final = 60.0
"""Inside a word that has no place to end a line."""

_CLAUSE_MARKS: Final = frozenset(",;:，、；：،؛—–")
_CLOSING: Final = "\"'”’»)]}」』"
_OPENING: Final = "\"'“‘«([{¿¡"
_NUMERIC: Final = frozenset("#$€£0123456789")
_NUMBER: Final = re.compile(r"[#$€£]?\d[\d.,:/]*%?")
_HIRAGANA: Final = regex.compile(r"\p{Hiragana}")
_IDEOGRAPH: Final = regex.compile(r"[\p{Han}\p{Katakana}]")


def break_costs(units: Sequence[Unit], language: str | None) -> list[float]:
    """Return for each unit what it costs to end a line before it.

    Returns:
        As many costs as units; the first is 0 and means nothing.

    Source:
        The order is that of the Netflix timed text style guide, line treatment:
        after punctuation, before conjunctions and prepositions, never between
        article and noun or inside a name.
    """
    cost = break_cost(units, language)
    return [0.0, *map(cost, range(1, len(units)))]


def break_cost(units: Sequence[Unit], language: str | None) -> Callable[[int], float]:
    """Return what tells the cost to end a line before the unit at a place above 0."""
    known = function_words(language)
    capitals = known.names_by_capitals and not all(
        unit.text.isupper() for unit in units
    )

    def cost(place: int) -> float:
        before, after = units[place - 1], units[place]
        if not after.spaced:
            return _unspaced(before, after)
        return _spaced(before.text, after.text, language, capitals)

    return cost


@lru_cache(8192)
def _spaced(before: str, after: str, language: str | None, capitals: bool) -> float:
    """Weigh a place between two words."""
    known = function_words(language)
    marked = _marked(before, after, known, capitals=capitals)
    if marked is not None:
        return marked
    first, second = _bare(before), _bare(after)
    return max(
        _after(first, known),
        _before(second, known),
        _between(first, second, known),
    )


def _marked(
    before: str, after: str, known: FunctionWords, *, capitals: bool
) -> float | None:
    """Return what marks and capitals say of a place; mostly they say nothing."""
    if not before[-1].isalnum():
        if ends_sentence(before, after):
            return SENTENCE
        if before.rstrip(_CLOSING)[-1:] in _CLAUSE_MARKS:
            return CLAUSE
    if capitals and _is_name(before, after, known):
        return BOUND
    return None


def _bare(word: str) -> str:
    return word.lower().replace("’", "'").lstrip(_OPENING).rstrip(",;:!?")


def _after(word: str, known: FunctionWords) -> float:
    """Return what it costs, at least, to leave this word last on its line."""
    if word in known.clinging or (word[:1] in _NUMERIC and _NUMBER.fullmatch(word)):
        return BOUND
    if word in known.conjunctions or word in known.prepositions:
        return AFTER_SMALL
    if word in known.leading or (known.contracted and word.endswith(known.contracted)):
        return LED
    if word in known.describing or (
        known.describing_ends and word.endswith(known.describing_ends)
    ):
        return DESCRIBED
    return 0.0


def _before(word: str, known: FunctionWords) -> float:
    """Return what it costs, at least, to begin a line with this word."""
    if word in known.conjunctions:
        return CONJUNCTION
    if word in known.reflexive:
        return LED
    return PREPOSITION if word in known.prepositions else PLAIN


def _between(first: str, second: str, known: FunctionWords) -> float:
    """Return what it costs, at least, to part these two words."""
    if second in known.particles and first in known.with_particle:
        return LED
    if first in known.numbered and second[:1].isdigit():
        return BOUND
    return 0.0


def _is_name(before: str, after: str, known: FunctionWords) -> bool:
    """Tell whether two words without a clause's end between them are one name."""
    first, second = before.lstrip(_OPENING), after.lstrip(_OPENING)
    if first in known.in_names:
        return second[:1].isupper()
    if second in known.in_names:
        # "Vincent van": English has no other use for most of them.
        return first[:1].isupper() and second not in known.prepositions
    return (
        first[:1].isupper()
        and second[:1].isupper()
        and before != "I"
        and after.partition("'")[0] != "I"
    )


def _unspaced(before: Unit, after: Unit) -> float:
    """Weigh a place in a script without spaces, or inside a token."""
    if before.part and after.part:
        return PART
    mark = before.text[-1]
    if mark in "。！？!?…":
        return SENTENCE
    if mark in _CLAUSE_MARKS or mark in _CLOSING:
        return CLAUSE
    if mark not in "おご" and _HIRAGANA.match(mark) and _IDEOGRAPH.match(after.text):
        # Japanese: the particle ends a phrase, the next one begins with its noun;
        # the two left out are honours that begin one.
        return PREPOSITION
    return PLAIN
