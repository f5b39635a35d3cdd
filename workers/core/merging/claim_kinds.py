"""What a segment may claim of the time in which it was spoken."""

from msgspec import Struct

from workers.core.merging.heard import Heard
from workers.core.merging.state import Run


class Nothing(Struct, frozen=True):
    """It tells nothing new; *outcome* says why."""

    outcome: str


class TooLate(Struct, frozen=True):
    """It would change a caption that is no longer kept."""


class Again(Struct, frozen=True):
    """It says anew what was final: *words* go in the place of those of *owners*."""

    owners: tuple[str, ...]
    words: tuple[Heard, ...]
    whole: bool = True
    """Else some of *words* are the old ones, still uncertain."""


class Kept(Struct, frozen=True):
    """An end without words: what was heard before it stands."""

    owner: str
    end_s: float | None
    """Words beyond it are not at their end yet; None where it tells no time."""


class New(Struct, frozen=True):
    """Words that nobody owns yet."""

    run: Run
    late: bool
    """They lie further back than anything may wait for (rule 6)."""


Claim = Nothing | TooLate | Again | Kept | New
