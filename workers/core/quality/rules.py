"""What may be set about flags and masking."""

from msgspec import Struct

from workers.core.quality.invention import Phrases
from workers.core.quality.mask import Mask


class QualityRules(Struct, frozen=True, kw_only=True):
    """What may be set about flags and masking."""

    phrases: Phrases = Phrases()
    """Known inventions of recognisers."""
    mask: Mask | None = None
    """Words that are not to be shown; None shows all."""
