"""Who takes the word at a gap: a change, one who asks, one who speaks much."""

from math import log1p
from typing import Final

from workers.core.topics.kept.opening import Opening

NAMES: Final = (
    "speaker_changes",
    "speaker_asks",
    "speaker_share",
    "turn_before",
    "asker_takes_over",
    "turn_words",
)


def values(here: Opening, turn_words: int) -> list[float]:
    """Return the features of the sentence after the gap.

    Args:
        here: That sentence.
        turn_words: Words of the turn that begins with it, as far as it was heard.
    """
    changes = float(here.speaker_changes)
    return [
        changes,
        3.0 * here.asks,
        here.share,
        log1p(here.turn_before) * changes,
        changes * min(2.0, max(-1.0, 5.0 * here.asks)),
        log1p(turn_words) * changes,
    ]
