"""Where a long stretch of words is best cut into sentences of the usual length."""

from collections.abc import Sequence
from typing import Final

from workers.core.text.sentence_ends import ends_sentence
from workers.core.topics.openers import Openers, openers
from workers.core.topics.tokens import Token

LEAST: Final = 5
"""Words of a part at least."""
USUAL: Final = 9
"""Words of a spoken sentence."""
MOST_PARTS: Final = 8
"""A caption of ours has 300 characters, so fewer; the last part takes the rest."""

# Steps of one scale, chosen by what should outweigh what: a mark is worth more than all
# else, a pause of half a second as much as a strong opener and ten words of length.
_MARK: Final = 5.0
_CLAUSE: Final = 1.5
_CLAUSE_MARKS: Final = tuple(",;:\u3001\uff0c\uff1b\uff1a\u060c\u2013\u2014")
_STRONG: Final = 1.5
_WEAK: Final = 0.7
_HOLDING: Final = -2.0
_PAUSE_OF_A_S: Final = 6.0
_LONGEST_PAUSE_S: Final = 0.5
_UNUSUAL: Final = 0.15
"""For each word that a part is longer or shorter than usual."""


def best_places(tokens: Sequence[Token], most: float, language: str) -> list[int]:
    """Return the tokens that begin a new part, in order, the first not among them.

    No part is shorter than ``LEAST`` words, where the tokens allow it, and none longer
    than *most* and the token after it, but for the last of ``MOST_PARTS``. Each place
    is the best that the part before it may end at, by pauses, marks, small words and
    length; so the time is linear.
    """
    lists = openers(language)
    rest = sum(token.size for token in tokens)
    places: list[int] = []
    first = 0
    while rest > most and len(places) < MOST_PARTS - 1:
        best, highest, taken = 0, 0.0, 0.0
        size = 0.0
        for here in range(first + 1, len(tokens)):
            size += tokens[here - 1].size
            if rest - size < LEAST or (size > most and best):
                break
            if size < LEAST:
                continue
            score = _strength(tokens[here - 1], tokens[here], lists)
            score -= _UNUSUAL * abs(size - USUAL)
            if not best or score > highest:
                best, highest, taken = here, score, size
        if not best:
            break
        places.append(best)
        rest -= taken
        first = best
    return places


def _strength(before: Token, after: Token, lists: Openers) -> float:
    """Return how much like the end of a sentence the place between two words is."""
    strength = 0.0
    if before.end_s is not None and after.start_s is not None:
        pause_s = min(_LONGEST_PAUSE_S, max(0.0, after.start_s - before.end_s))
        strength += _PAUSE_OF_A_S * pause_s
    if ends_sentence(before.text, None):
        return strength + _MARK
    if before.text.endswith(_CLAUSE_MARKS):
        strength += _CLAUSE
    elif before.text.lower() in lists.holding:
        strength += _HOLDING
    following = after.text.lower().rstrip(".,")
    if following in lists.strong:
        strength += _STRONG
    elif following in lists.weak:
        strength += _WEAK
    return strength
