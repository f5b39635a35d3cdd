"""One sentence as it was spoken."""

from msgspec import Struct

from workers.core.topics.contractions import rejoined


class Utterance(Struct, frozen=True, array_like=True, omit_defaults=True):
    """One sentence as it was spoken, as far as can be told."""

    texts: tuple[str, ...]
    """One for each of its captions."""
    numbers: tuple[int, ...]
    """Of these captions, within the life."""
    start_s: float | None = None
    end_s: float | None = None
    speaker: str | None = None
    channel: str | None = None
    language: str | None = None

    @property
    def text(self) -> str:
        """All of it; a word may begin in one caption and end in the next."""
        if len(self.texts) == 1:
            return self.texts[0]
        return rejoined(" ".join(self.texts), self.language)
