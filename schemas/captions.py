"""What viewers get: captions as they grow, become final, change or go."""

from typing import Literal

from msgspec import Struct

from schemas.fields import Count, Id, Language, MediaSeconds, Message, Share, Text
from schemas.segment import Word


class Flag(Struct, frozen=True, kw_only=True):
    """A doubt about a caption, with what raised it."""

    name: str
    """``repetition_loop``, ``hallucination_phrase``, ``echo`` or ``profanity``."""
    evidence: str


class Latency(Struct, frozen=True, kw_only=True):
    """Seconds from the end of the speech to this event, by who spent them.

    None where a time needed to know it is missing; never 0 in its place.
    """

    recogniser_s: float | None = None
    """End of the last word to the provider's ``emitted_at``."""
    kafka_s: float | None = None
    """``emitted_at`` to the Kafka timestamp of the segment."""
    policy_s: float | None = None
    """Held by us on purpose: the words first came, till the event was decided."""
    worker_s: float | None = None
    """Reading, deciding and waiting in our queues."""


class Caption(Message, frozen=True, kw_only=True):
    """A merged piece, about a sentence, at one of its revisions."""

    caption_id: Id
    revision: Count
    """0 at first, then one more in every event about this caption."""
    text: Text
    """NFC."""
    stable: Count
    """So many code points of ``text``, from its start, will not change."""
    start_s: MediaSeconds | None = None
    end_s: MediaSeconds | None = None
    speaker: Id | None = None
    channel: Id | None = None
    language: Language | None = None
    words: tuple[Word, ...] | None = None
    uncertain: bool = False
    """Nothing final ever covered some of its words."""
    late: bool = False
    """It came after a later caption, beyond the lateness bound."""
    confidence: Share | None = None
    """Of a final caption: the mean over its words, each its own or else its segment's;
    None where the recogniser gives none."""
    flags: tuple[Flag, ...] = ()
    unmasked_text: Text | None = None
    """What was said, where words of ``text`` are masked by ``*``; as many code points.
    For those who may see it: a screen shows ``text``."""


class CaptionUpdated(Caption, frozen=True, kw_only=True, tag=True):
    """A caption began or grew; what follows ``stable`` may still change."""


class CaptionFinal(Caption, frozen=True, kw_only=True, tag=True):
    """A caption is complete."""

    latency: Latency | None = None


class CaptionRevised(Caption, frozen=True, kw_only=True, tag=True):
    """A final caption, or the stable part of an open one, had to change."""

    final: bool
    """The caption was final, and is so again."""
    reason: Literal["final_changed", "stable_changed", "corrected"]
    latency: Latency | None = None


class CaptionWithdrawn(Message, frozen=True, kw_only=True, tag=True):
    """A caption is no more: none of its words were confirmed."""

    caption_id: Id
    revision: Count
    reason: str


class StreamEnded(Message, frozen=True, kw_only=True, tag=True):
    """A life of a stream is over; what comes now begins a new one."""

    life: Id
    """Partition and offset of the segment it began with."""
    reason: Literal["end_of_stream", "silence"]
    captions: Count
    end_s: MediaSeconds | None = None


RuleName = Literal[
    "max_cps",
    "max_wpm",
    "min_duration_s",
    "max_duration_s",
    "min_gap_s",
    "token_split",
    "times",
]
Because = Literal[
    "fast_speech", "other_cue", "next_unknown", "long_token", "revised", "no_times"
]


class BrokenRule(Struct, frozen=True, kw_only=True):
    """A rule of its profile that a cue had to break, and why it had to."""

    rule: RuleName
    """The field of the profile, which also tells the unit; ``token_split``: a token
    longer than a line was cut; ``times``: the cue has none, so that no rule of time
    could be looked at."""
    measured: float | None = None
    """What the cue has; None where it is no number, or without bound."""
    limit: float | None = None
    """What the profile asks for."""
    because: Because
    """``fast_speech``: the words, with the silence after them, take less time than is
    needed to read them; ``other_cue``: the cue beside it, with the gap to it, has the
    time; ``next_unknown``: it was sent when nobody knew yet how long silence follows,
    and comes again when that is known, with the time that it may have then;
    ``long_token``: one token alone is more than the rule allows; ``revised``: it keeps
    the words it was shown with, while its caption or the one beside it changed."""


class Cue(Message, frozen=True, kw_only=True, tag=True):
    """Lines for the screen in one profile; Kafka topic ``captions.cues.v1``."""

    cue_id: Id
    revision: Count
    withdrawn: bool = False
    """Take it off the screen; ``lines`` is empty then."""
    caption_ids: tuple[Id, ...]
    start_s: MediaSeconds | None
    end_s: MediaSeconds | None
    lines: tuple[str, ...]
    profile: str
    speaker: Id | None = None
    line_speakers: tuple[Id | None, ...] | None = None
    """One for each line where a cue has lines of two speakers, as only those of a
    finished recording may; ``speaker`` is None then."""
    language: Language | None = None
    compliance: tuple[BrokenRule, ...] = ()
    """The rules of its profile that it had to break, and why."""


CaptionEvent = (
    CaptionUpdated | CaptionFinal | CaptionRevised | CaptionWithdrawn | StreamEnded
)
"""The values of the Kafka topic ``captions.captions.v1``."""
