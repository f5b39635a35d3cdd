"""Small words by which speech without marks shows where a sentence may begin.

A place where one begins has an opener after it and none of the holding words before it:
"what | we have" is no place, "of the bridge | so we have" is one.
"""

from functools import lru_cache

from msgspec import Struct

from workers.core.cues.function_words import function_words


class Openers(Struct, frozen=True):
    """What one language has; all in lower case."""

    strong: frozenset[str]
    """Much of what they stand before is a new sentence."""
    weak: frozenset[str]
    """Some of it is."""
    holding: frozenset[str]
    """After them a sentence goes on."""


_ENGLISH_STRONG = frozenset(
    "so and but now okay ok well then anyway alright right because yes yeah no"
    " let's".split()
)
_ENGLISH_WEAK = frozenset(
    "i we you they he she it this that these there what how why who when where if in"
    " i'm i've i'll i'd we're we've we'll we'd you're you've they're they've he's she's"
    " it's that's there's here's what's do does did can could is are or".split()
)
_ENGLISH_HOLDING = frozenset(
    "i we you he she they who".split()  # their verb follows
)


@lru_cache(64)
def openers(language: str) -> Openers:
    """Return the lists for a primary subtag; of most languages there is little."""
    known = function_words(language)
    holding = (
        known.conjunctions
        | known.prepositions
        | known.clinging
        | known.leading
        | known.describing
    )
    if language == "en":
        # "It" and "that" may end a sentence.
        holding = (holding - {"it", "this", "that", "so", "not", "never", "too"}) | (
            _ENGLISH_HOLDING
        )
        return Openers(_ENGLISH_STRONG, _ENGLISH_WEAK, holding)
    return Openers(frozenset(), known.conjunctions, holding)
