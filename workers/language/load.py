"""Reads the weights that come with the package, and puts the topic model together."""

from importlib.resources import files
from typing import TypeVar

import msgspec

from workers.core.topics import (
    Language,
    TopicModel,
    TopicSettings,
    WeightsFile,
    Wording,
)
from workers.language.wordllama_language import WordLlamaLanguage

T = TypeVar("T")

_WEIGHTS = files("workers.language") / "weights"


def load_weights(look_ahead: int) -> WeightsFile:
    """Read the weights for 8 or 16 sentences of look-ahead.

    Raises:
        FileNotFoundError: There are none for this look-ahead.
    """
    return _read(f"recipe-{look_ahead}.json", WeightsFile)


def load_wording() -> Wording:
    """Read the weights of sentence vectors around a change."""
    return _read("wording.json", Wording)


def load_topic_model(
    settings: TopicSettings | None = None, language: Language | None = None
) -> TopicModel:
    """Put together what the topic rules need; quick, the language loads when asked.

    Raises:
        ValueError: The settings are out of bounds.
    """
    return TopicModel(
        language or WordLlamaLanguage(),
        load_weights(8),
        load_weights(16),
        load_wording(),
        settings,
    )


def _read(name: str, kind: type[T]) -> T:
    return msgspec.json.decode((_WEIGHTS / name).read_bytes(), type=kind)
