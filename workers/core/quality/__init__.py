"""Doubts about what was recognised (rule 10), and words that are not to be shown.

Nothing here drops text: a flag says what is doubtful and why, and whoever reads the
events decides.
"""

from workers.core.quality.echoes import ECHO
from workers.core.quality.flagging import flagged
from workers.core.quality.hallucinations import phrases
from workers.core.quality.invention import HALLUCINATION, Kind, Phrases
from workers.core.quality.loops import LOOP
from workers.core.quality.mask import Mask
from workers.core.quality.masking import PROFANITY, mask_for, masked
from workers.core.quality.rules import QualityRules

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
