"""What a topic is called."""

from msgspec import Struct


class Names(Struct, frozen=True, array_like=True):
    """The label of a topic and its keyphrases, the best first."""

    label: str
    keyphrases: tuple[str, ...]


class Ranked(Struct, frozen=True):
    """A phrase with the score of its leading word."""

    phrase: str
    stem: str
    score: float
