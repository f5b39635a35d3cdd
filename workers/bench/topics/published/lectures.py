"""Lectures of bayes-seg: an utterance a line, a line of ``=`` between topics.

The set is named by the folder over the last, and the last: ``physics-asr``.
"""

from pathlib import Path
from typing import Any


def talk(path: Path) -> dict[str, Any] | None:
    """Return one lecture; None if it has one topic.

    Raises:
        OSError: It cannot be read.
    """
    utterances: list[dict[str, str]] = []
    boundaries: list[int] = []
    for line in path.read_text(errors="replace").splitlines():
        if line.startswith("=="):
            if utterances and len(utterances) not in boundaries:
                boundaries.append(len(utterances))
        elif any(map(str.isalnum, line)):
            utterances.append({"text": " ".join(line.split())})
    if boundaries and boundaries[-1] == len(utterances):
        boundaries.pop()
    if not boundaries:
        return None
    folder = path.resolve().parent
    return {
        "id": path.stem,
        "source": f"{folder.parent.name}-{folder.name}",
        "utterances": utterances,
        "boundaries": boundaries,
    }
