"""The phrases that recognisers are known to make up: ``hallucinations.toml``."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import cast, get_args

from workers.core.quality import Kind, Phrases, phrases


@cache
def known_phrases() -> Phrases:
    """Read them, of all languages: what is spoken may be told wrongly too."""
    data = files("workers.language").joinpath("hallucinations.toml").read_text("utf-8")
    return phrases(_lists(tomllib.loads(data)))


def _lists(
    languages: dict[str, dict[str, list[str]]],
) -> Iterator[tuple[str, Kind, list[str]]]:
    """Yield the lists by kind, so that what nobody says is a credit first."""
    for kind in get_args(Kind):
        for language, kinds in languages.items():
            yield language, cast("Kind", kind), kinds.get(kind, [])
