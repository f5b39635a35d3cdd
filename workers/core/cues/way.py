"""One way to cut words into lines and cues, as far as it has come."""

from msgspec import Struct


class Way(Struct, frozen=True, gc=False):
    """The cheapest way to end some line of a cue at some place."""

    cost: float
    line_start: int
    cue_start: int
    line_before: int
    """Which line of its cue the line before was; -1 where there is none."""
