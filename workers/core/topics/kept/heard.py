"""What is carried on of the whole stream, as it is kept."""

from msgspec import Struct

USUAL_PACE_S = 5.4
"""Of a podcast; believed until a stream has told its own."""


class Speaker(Struct, frozen=True, array_like=True):
    """One who speaks, by a hash: names are long, and nobody's business here."""

    name: str
    sentences: int
    questions: int


class Hearing(Struct, frozen=True, array_like=True, omit_defaults=True):
    """Sums over all sentences of the life."""

    total: bytes = b""
    """Summed sentence vectors, ``DIMENSIONS`` float32 in the machine's order."""
    mass: int = 0
    """Their word mass."""
    speakers: tuple[Speaker, ...] = ()
    questions: int = 0
    """Asked by speakers who have a name."""
    speaker: str | None = None
    """Of the newest sentence."""
    turn: int = 0
    """Sentences since the speaker changed."""
    usual_pause: float = 0.0
    """Mean logarithm of one plus the pause in seconds."""
    end_s: float | None = None
    """Of the newest sentence."""
    heard_s: float | None = None
    """The greatest media time there was."""
    pace_s: float = USUAL_PACE_S
    """From the end of one sentence to that of the next, on average of late."""
    announced: int = 0
    """Sentences that announce."""
