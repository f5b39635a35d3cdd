"""The job that every peer does: one caption for each final segment, and its own state.

A state that was lost or set back shows as a wrong ``caption_id`` or ``start_s``. It
runs in the peers' own environments, so it needs nothing but Python.
"""

import os
import time
from pathlib import Path
from typing import Any

State = dict[str, Any]
_NOTHING: State = {"n": 0, "closed": "", "seg": "", "rev": 0, "text": "", "start": 0.0}

_note = os.environ.get("STARTED_FILE")


def note_start() -> None:
    """Write when this process decided its first segment, and its CPU time then."""
    global _note  # noqa: PLW0603  # once a process
    if _note:
        Path(_note).write_text(f"{time.time()} {time.process_time()}")
        _note = None


def step(state: State | None, segment: State) -> tuple[State, State | None]:
    """Take in a segment; return the stream's new state, and a caption at its end."""
    if _note:
        note_start()
    if state is None:
        state = _NOTHING
    name = segment["segment_id"]
    if name <= state["closed"]:
        return state, None  # a late interim of an utterance that is over
    if name == state["seg"]:
        if segment["revision"] <= state["rev"]:
            return state, None  # stale
        start = state["start"]
    else:
        start = segment["start_s"]  # the first guess fixes the start
    number = state["n"]
    if not segment["is_final"]:
        return {
            "n": number,
            "closed": state["closed"],
            "seg": name,
            "rev": segment["revision"],
            "text": segment["text"],
            "start": start,
        }, None
    return {**_NOTHING, "n": number + 1, "closed": name}, {
        "stream_id": segment["stream_id"],
        "caption_id": f"{segment['stream_id']}:{number}",
        "text": segment["text"],
        "start_s": start,
        "end_s": segment["end_s"],
    }
