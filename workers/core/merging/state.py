"""What merging remembers of a stream.

A value is made of values that were there before it, so none can refer back to itself:
Python's collector need not look at them (``gc=False``). Else a full collection would
stop a process for as long as it takes to walk through all streams, some 60 us each.
"""

from msgspec import Struct

from schemas.segment import CaptionSegment
from workers.core.merging.heard import Heard


class Run(Struct, frozen=True, array_like=True, omit_defaults=True, gc=False):
    """Words of one segment that are not in a closed caption yet."""

    owner: str
    """The identity of the segment: its own id, or a name that we gave."""
    words: tuple[Heard, ...]
    final: bool = False
    """It owns its stretch of time; else a later segment may take it away."""
    uncertain: bool = False
    """Nothing final ever came for it (rules 2 and 3)."""
    agreed: int = 0
    """Leading words that two hypotheses agreed on (rule 9)."""
    ends: bool = False
    """Its utterance is over."""
    speaker: str | None = None
    language: str | None = None
    timed: bool = False
    """The provider gave the times of the words."""
    arrived_ms: int = 0
    """Kafka timestamp of the record that first brought its last version."""
    emitted_ms: int | None = None
    """When the provider sent it."""
    spoken_ms: int | None = None
    """When its last word was over, in wall time."""
    confidence: float | None = None
    """Of the segment as a whole; its words may have their own."""
    left: bool = False
    """A claim left it over: who speaks in its time next may take it, by any name."""


class Shown(Struct, frozen=True, array_like=True, omit_defaults=True, gc=False):
    """An open caption as viewers have it."""

    number: int
    revision: int
    text: str
    stable: int


class Source(Struct, frozen=True, array_like=True, omit_defaults=True, gc=False):
    """How many words of a closed caption came from which segment, and when."""

    owner: str
    words: int
    start_s: float | None = None
    end_s: float | None = None
    uncertain: bool = False


class Correction(Struct, frozen=True, array_like=True, gc=False):
    """What a person made of a closed caption."""

    text: str
    corrected_ms: int
    """When, by the person's clock; milliseconds since 1970."""


class Closed(Struct, frozen=True, array_like=True, omit_defaults=True, gc=False):
    """A closed caption, kept for what may still revise it (rule 13)."""

    number: int
    revision: int
    text: str
    sources: tuple[Source, ...]
    start_s: float | None = None
    end_s: float | None = None
    speaker: str | None = None
    channel: str | None = None
    language: str | None = None
    uncertain: bool = False
    late: bool = False
    confidence: float | None = None
    correction: Correction | None = None
    """What viewers have instead; the text here stays the recogniser's."""


class Suspect(Struct, frozen=True, array_like=True, gc=False):
    """A segment so far behind that its times may have begun anew (rule 7)."""

    segment: CaptionSegment
    arrived_ms: int


class Channel(Struct, frozen=True, array_like=True, omit_defaults=True, gc=False):
    """One channel of a stream; a stream without channels has one, named None."""

    name: str | None
    runs: tuple[Run, ...] = ()
    """In the order of their words: those that are final, then those open."""
    shown: tuple[Shown, ...] = ()
    """The open captions that viewers have, as `cut` gives them."""
    news_ms: int = 0
    """When it last said something."""
    guesses: bool = False
    """Its recogniser sends interims."""
    end_s: float | None = None
    """Media time up to which words are final."""
    turn: int = 0
    """Raised where a segment without id or times begins anew."""
    sequence: int | None = None
    """The highest one seen in a final."""
    told_from_s: float | None = None
    """The latest start of a closed caption."""
    told_until_s: float | None = None
    """The latest end of one."""
    disorder: bool = False
    """A final came after one of later speech (rule 6)."""
    held_ms: int | None = None
    """When a caption that waits for what may be missing before it closes."""
    emitted_ms: int | None = None
    """When the provider sent the newest of its segments, as far as it says."""
    deepest: int = 0
    """The most last words of a guess that the next one took back, of late."""
    compared: int = 0
    """Guesses that others followed since it was learned how deep they change."""


class MergeState(
    Struct,
    frozen=True,
    kw_only=True,
    array_like=True,
    omit_defaults=True,
    gc=False,
):
    """All that merging remembers of one life of a stream."""

    stream_id: str
    life: str
    next_number: int = 0
    channels: tuple[Channel, ...] = ()
    closed: tuple[Closed, ...] = ()
    """The last ones, oldest first."""
    forgotten_s: float | None = None
    """Media time of the newest caption no longer kept."""
    forgotten: bytes = b""
    """The segments that such captions came from, the last few; see `forgotten`."""
    epoch: int = 0
    offset_s: float = 0.0
    """Added to the times of this epoch (rule 7)."""
    end_s: float = 0.0
    """The latest media time heard of."""
    suspect: Suspect | None = None
