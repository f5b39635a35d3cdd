"""One sentence as it was spoken."""

from msgspec import Struct


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
        """All of it."""
        return self.texts[0] if len(self.texts) == 1 else " ".join(self.texts)
