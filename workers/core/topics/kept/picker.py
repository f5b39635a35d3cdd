"""What is remembered to tell which gaps are changes."""

from msgspec import Struct

from workers.core.topics.evidence.similarities import History


class Picker(Struct, frozen=True, array_like=True, omit_defaults=True):
    """The scores of late, and the peaks that tell what is a high score here."""

    next_gap: int = 0
    """To be scored."""
    next_decision: int = 1
    """Gap 0 is where the stream begins: nothing is to be decided."""
    scores: tuple[float, ...] = ()
    """Log-odds of the newest gaps, up to the one before ``next_gap``."""
    contributions: tuple[tuple[float, ...], ...] = ()
    """Of the same gaps, by kind of evidence."""
    histories: tuple[History, ...] = ()
    """Similarities of earlier gaps."""
    peaks: tuple[float, ...] = ()
    """The highest first."""
    gaps: float = 0.0
    """That the peaks stand for."""
