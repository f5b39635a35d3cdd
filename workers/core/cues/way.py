"""One way to cut words into lines and cues, up to where a line starts."""

from msgspec import Struct


class Way(Struct, frozen=True, gc=False):
    """The cheapest way to start some line of a cue at some place."""

    cost: float
    """Of all lines before it, and of the places where they end."""
    line_start: int
    cue_start: int
    line_before: int
    """Which line of its cue the line before was; -1 where there is none."""
