"""What is kept of a sentence, and what that tells: vector, word mass, stems, names."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

UNITS = 400
"""A weight of 1. Weights and vectors are whole numbers: sums are then exact, and
the same whether carried on from sentence to sentence or made anew from the words."""

VECTOR_UNITS = 4096
"""A length of 1."""

IntVector = NDArray[np.int32]


class Sentence(Struct, frozen=True, array_like=True, omit_defaults=True):
    """A sentence as it is kept: the words that tell something."""

    number: int
    """Of its caption within the life, the first if there are several."""
    words: str
    """Neighbours in speech are joined by a space, others by a comma; with their
    capitals. A hyphen after one tells that it does not stand for a thing there."""
    language: str = "en"
    more: tuple[tuple[int, int], ...] = ()
    """Where it goes on in other captions: their numbers, and where in ``words`` those
    of each begin."""


class Entry(Struct, frozen=True):
    """What is known of a word as it is kept."""

    units: int
    """Its weight, ``UNITS`` for 1."""
    stem: str
    vector: NDArray[np.int16]
    """Its direction times its weight, ``VECTOR_UNITS`` for 1."""
    name_units: int
    """How well it would name a topic; 0 if it may not."""
    form: str
    """As it would stand in a name."""
    key: str
    """The same for all forms of the word."""


class Meaning(Struct, frozen=True):
    """What a kept sentence tells; always a function of its words alone."""

    vector: IntVector
    mass: int
    """Weights of its different stems, in ``UNITS``."""
    stems: dict[str, int]


class Mentions(Struct, frozen=True):
    """What a kept sentence says that a topic may be named by."""

    words: tuple[tuple[str, str, int], ...]
    """Form, key, and weight in ``UNITS``, in their order."""
    phrases: tuple[str, ...]
