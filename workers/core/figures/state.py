"""What is remembered of a stream to tell its figures; some 500 bytes."""

from msgspec import Struct


class Changes(Struct, frozen=True, array_like=True, omit_defaults=True, gc=False):
    """How captions changed for viewers, in words; see `changes`."""

    updates: int = 0
    added: int = 0
    erased: int = 0
    stable_erased: int = 0
    unstable: int = 0
    final_words: int = 0
    largest: int = 0

    def plus(self, other: "Changes") -> "Changes":
        """Return both together."""
        return Changes(
            self.updates + other.updates,
            self.added + other.added,
            self.erased + other.erased,
            self.stable_erased + other.stable_erased,
            self.unstable + other.unstable,
            self.final_words + other.final_words,
            max(self.largest, other.largest),
        )


NO_CHANGES = Changes()


class Stages(Struct, frozen=True, array_like=True, gc=False):
    """Milliseconds that one caption spent at each stage; None where not known."""

    recogniser: int | None
    kafka: int | None
    policy: int | None
    worker: int | None


class Tally(Struct, frozen=True, array_like=True, omit_defaults=True):
    """What was counted, in a window or before it."""

    segments: dict[str, int] = {}
    """By what became of them; a handful of outcomes."""
    events: dict[str, int] = {}
    """Caption and topic events by type."""
    words: int = 0
    """In captions that became final."""
    spoken_ms: int = 0
    """Media time of those captions."""
    uncertain: int = 0
    late: int = 0
    flags: dict[str, int] = {}
    """By name."""
    cues: dict[str, tuple[int, int, int]] = {}
    """By profile: cue events, those that show something, those that kept all rules."""
    gaps: int = 0
    gap_ms: int = 0
    longest_gap_ms: int = 0
    changes: Changes = NO_CHANGES


class Watch(Struct, frozen=True, array_like=True, omit_defaults=True, gc=False):
    """When the recogniser last did what, in milliseconds since 1970."""

    worded_ms: int = 0
    """A segment with words came."""
    guessing_ms: int | None = None
    """The first guess came since the last final, and guesses ever since."""
    timed: bool = False
    """Some segment had a media time."""


class Recent(Struct, frozen=True, array_like=True, omit_defaults=True, gc=False):
    """One of the last captions, for the state of the stream."""

    shown_ms: int | None = None
    """From its speech to its words on the screen; a part of it where not all is
    known, None where nothing is."""
    doubt: str = ""
    """``uncertain`` or the name of a flag."""


class Figures(Struct, frozen=True, array_like=True, omit_defaults=True):
    """What was counted since the window began, and before it."""

    since_ms: int
    number: int = 0
    window: Tally = Tally()
    before: Tally = Tally()
    """Of the windows of this life that were told."""
    latencies: tuple[Stages, ...] = ()
    """Of the captions of this window, the last `latency.SAMPLE`."""
    recent: tuple[Recent, ...] = ()
    """The last `health.RECENT` captions, of whichever window."""
    watch: Watch = Watch()
