"""Recordings that the authors of TreeSeg made of themselves at work.

``NAME.json`` has what was heard and what was shown, ``NAME_anno.json`` topics as spans
over both. Only what was heard is taken.
"""

import json
from pathlib import Path
from typing import Any


def talk(path: Path) -> dict[str, Any] | None:
    """Return one recording; None if it is not of this kind, or has one topic.

    Raises:
        OSError: It cannot be read.
        ValueError: It is no JSON.
    """
    topics = path.with_name(f"{path.stem}_anno.json")
    if not topics.exists():
        return None
    (recording,) = json.loads(path.read_text()).values()
    (marked,) = json.loads(topics.read_text()).values()
    utterances: list[dict[str, Any]] = []
    heard_before = []
    for entry in recording["entries"]:
        heard_before.append(len(utterances))
        text = " ".join(str(entry.get("doc", "")).split())
        if any(map(str.isalnum, text)):
            kept = {"speaker": "user_id", "start": "start", "end": "end"}
            utterances.append(
                {"text": text}
                | {ours: entry[name] for ours, name in kept.items() if name in entry}
            )
    boundaries: list[int] = []
    titles: list[str | None] = [None]
    for first, _, title in sorted(marked["coarse"]):
        here = heard_before[first] if first < len(heard_before) else len(utterances)
        if here == (boundaries[-1] if boundaries else 0):
            titles[-1] = title.strip()
        elif here < len(utterances):
            boundaries.append(here)
            titles.append(title.strip())
    if not boundaries:
        return None
    return {
        "id": path.stem,
        "source": "tinyrec",
        "utterances": utterances,
        "boundaries": boundaries,
        "titles": titles,
    }
