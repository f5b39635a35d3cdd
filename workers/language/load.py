"""Reads the weights that come with the package, and puts the topic model together."""

from importlib.resources import files
from importlib.resources.abc import Traversable
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

SHIPPED: Traversable = files("workers.language") / "weights"
"""The weights that come with the package."""


def load_weights(look_ahead: int, folder: Traversable = SHIPPED) -> WeightsFile:
    """Read the weights for 8 or 16 sentences of look-ahead.

    Raises:
        FileNotFoundError: There are none for this look-ahead.
        DecodeError: The file is not of weights.
    """
    return _read(folder, f"recipe-{look_ahead}.json", WeightsFile)


def load_wording(folder: Traversable = SHIPPED) -> Wording:
    """Read the weights of sentence vectors around a change; raises as the above."""
    return _read(folder, "wording.json", Wording)


def load_topic_model(
    settings: TopicSettings | None = None,
    language: Language | None = None,
    folder: Traversable = SHIPPED,
) -> TopicModel:
    """Put together what the topic rules need; quick, the language loads when asked.

    Args:
        settings: How finely a talk is divided.
        language: What is known of words.
        folder: Of the weights.

    Raises:
        ValueError: The settings are out of bounds.
        OSError: The folder has no weights.
    """
    return TopicModel(
        language or WordLlamaLanguage(),
        load_weights(8, folder),
        load_weights(16, folder),
        load_wording(folder),
        settings,
    )


def _read(folder: Traversable, name: str, kind: type[T]) -> T:
    return msgspec.json.decode((folder / name).read_bytes(), type=kind)
