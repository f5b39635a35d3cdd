"""Doubts about what was recognised (rule 10), and words that are not to be shown.

Nothing here drops text: a flag says what is doubtful and why, and whoever reads the
events decides.
"""

from workers.core.quality.echoes import ECHO
from workers.core.quality.flagging import QualityRules, flagged
from workers.core.quality.hallucinations import HALLUCINATION, Kind, Phrases, phrases
from workers.core.quality.loops import LOOP
from workers.core.quality.masking import PROFANITY, Mask, mask_for, masked

__all__ = [
    "ECHO",
    "HALLUCINATION",
    "LOOP",
    "PROFANITY",
    "Kind",
    "Mask",
    "Phrases",
    "QualityRules",
    "flagged",
    "mask_for",
    "masked",
    "phrases",
]
