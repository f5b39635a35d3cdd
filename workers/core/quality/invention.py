"""A phrase that recognisers invent, what is around it, and what is thought of it."""

from typing import Literal

from msgspec import Struct

from schemas.captions import Flag

HALLUCINATION = "hallucination_phrase"


Kind = Literal["credit", "sign_off", "everyday"]


class Phrase(Struct, frozen=True):
    """Which list a known phrase is from."""

    language: str
    kind: Kind


class Phrases(Struct, frozen=True):
    """Known phrases by their letters alone; see `phrases`."""

    whole: dict[str, Phrase] = {}
    beginnings: dict[str, tuple[tuple[str, Phrase], ...]] = {}
    """Of credits that end in a name, by their first letters."""


class Silence(Struct, frozen=True):
    """What is around a caption on its channel; None where it is not known."""

    before_s: float | None = None
    """Media time since the words before it."""
    after_s: float | None = None
    """Media time to the words after it."""
    held_s: float | None = None
    """Wall time for which it was held, since nothing followed."""


class Verdict(Struct, frozen=True):
    """Whether a known phrase is doubtful here, and why or why not."""

    doubtful: bool
    evidence: str

    @property
    def flag(self) -> Flag | None:
        """The flag, where there is one."""
        if not self.doubtful:
            return None
        return Flag(name=HALLUCINATION, evidence=self.evidence)
