"""What the rules ask of a language: word weights, word vectors, sentence vectors."""

from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

DIMENSIONS: Final = 256

Vector = NDArray[np.float32]
"""Shape ``(DIMENSIONS,)``."""


class Language(Protocol):
    """Knowledge of words, as pure functions: the same question, the same answer.

    The embedder is a plug: anything that answers these may stand here, but the
    weights of the score belong to the vectors they were trained on.
    """

    def knows(self, language: str) -> bool:
        """Tell whether the weights of this language (``en``) come from counts."""
        ...

    def weight(self, word: str, language: str) -> float:
        """Return how much a lower-case word tells of a topic: 0 nothing, 1 much."""
        ...

    def name_weight(self, word: str, language: str) -> float:
        """Return how well a topic would be named by this word: 0 not at all, 1 well."""
        ...

    def word_vector(self, word: str) -> Vector:
        """Return the unit vector of a word; all 0 where it has none."""
        ...

    def sentence_vector(self, text: str) -> Vector:
        """Return the unit vector of a sentence; all 0 where it has none."""
        ...
