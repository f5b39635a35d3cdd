"""Weights as files, with where they come from beside them."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from workers.bench.topics.talks import TrueTalk
from workers.bench.topics.training.train import Trained

PROVENANCE = "provenance.json"


def write(
    folder: Path, trained: Trained, sets: Mapping[str, Sequence[TrueTalk]]
) -> list[Path]:
    """Write weights and provenance; the same for the same, bit for bit.

    Raises:
        OSError: The folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    values: dict[str, Any] = {
        f"{trained.quick.name}.json": trained.quick,
        f"{trained.sure.name}.json": trained.sure,
        "wording.json": trained.wording,
        PROVENANCE: {name: _told(talks) for name, talks in sets.items()},
    }
    paths = []
    for name, value in values.items():
        path = folder / name
        path.write_bytes(msgspec.json.format(msgspec.json.encode(value)) + b"\n")
        paths.append(path)
    return paths


def _told(talks: Sequence[TrueTalk]) -> dict[str, Any]:
    """Tell what a set was, so that one can see whether another is the same."""
    return {
        "talks": len(talks),
        "sentences": sum(len(talk.utterances) for talk in talks),
        "changes": sum(len(talk.boundaries) for talk in talks),
        "sha256": sha256(msgspec.json.encode(list(talks))).hexdigest(),
    }
