"""Which segment a message speaks of: rule 1."""

from hashlib import blake2b
from typing import Final

from schemas.segment import CaptionSegment
from workers.core.merging.places import middle_s
from workers.core.merging.state import Channel, Run

LONGEST_NAME: Final = 32
"""Bytes of a provider's id kept as it is; a longer one by its digest (rule 12)."""


def owner_of(
    segment: CaptionSegment,
    channel: Channel,
    span: tuple[float, float] | None,
    epoch: int,
) -> str:
    """Name the run that a segment speaks of (rule 1).

    Its own id where it has one; else the open run that it overlaps in time; else,
    where no time is given, the one now open. A start time alone names nothing.
    """
    if segment.segment_id is not None:
        # A provider may count anew after a reconnect.
        name = segment.segment_id
        return _short(f"{epoch}:{name}" if epoch else name)
    if segment.mode == "replace" and span is not None:
        for run in channel.runs:
            if not run.final and _in_part(run, span):
                return run.owner
        return f"~s{round(span[0] * 1000)}"
    return f"~t{channel.turn}"


def _short(name: str) -> str:
    """Return a name of bounded length that is none of ours."""
    if name[0] != "~" and name.isprintable() and len(name.encode()) <= LONGEST_NAME:
        return name
    return f"~h{blake2b(name.encode(), digest_size=10).hexdigest()}"


def _in_part(run: Run, span: tuple[float, float]) -> bool:
    """Tell whether a word of a run is, by its middle, inside a stretch of time."""
    return any(span[0] <= middle_s(word, -1.0) <= span[1] for word in run.words)
