"""Meetings of QMSum: product and academic meetings, committees of parliaments.

A topic is told by spans of turns, several where it comes back. One begins where a span
does; what no span has belongs to the topic before.
"""

import json
from pathlib import Path
from typing import Any

from workers.bench.topics.published.sentences import sentences

_LEAST_BEFORE = 5
"""Sentences said before the first span that are a topic of their own."""


def talk(path: Path) -> dict[str, Any] | None:
    """Return one meeting; None if it is not of this kind, or has one topic.

    Raises:
        OSError: It cannot be read.
        ValueError: It is no JSON.
    """
    meeting = json.loads(path.read_text())
    if not isinstance(meeting, dict) or "meeting_transcripts" not in meeting:
        return None
    utterances: list[dict[str, str]] = []
    first_of_turn = []
    for turn in meeting["meeting_transcripts"]:
        first_of_turn.append(len(utterances))
        utterances += (
            {"text": text, "speaker": turn["speaker"]}
            for text in sentences(turn["content"])
        )
    spans = sorted(
        (int(first), topic["topic"])
        for topic in meeting["topic_list"]
        for first, _ in topic["relevant_text_span"]
    )
    boundaries: list[int] = []
    titles: list[str | None] = [None]
    for turn_number, title in spans:
        if turn_number >= len(first_of_turn) or title == titles[-1]:
            continue
        here = first_of_turn[turn_number]
        if here < _LEAST_BEFORE and not boundaries:
            titles[0] = title
        elif boundaries and here - boundaries[-1] < _LEAST_BEFORE:
            titles[-1] = title
        elif here < len(utterances):
            boundaries.append(here)
            titles.append(title)
    if not boundaries:
        return None
    return {
        "id": path.stem,
        "source": source(path.stem),
        "utterances": utterances,
        "boundaries": boundaries,
        "titles": titles,
    }


def source(name: str) -> str:
    """Return the set that a meeting is of, by its name."""
    if name[:2] in {"ES", "IS", "TS"}:
        return "ami"
    if name[:3] in {"Bed", "Bmr", "Bro", "Buw", "Bdb", "Bns", "Btr", "Bsr"}:
        return "icsi"
    return "committee"
