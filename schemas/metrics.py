"""How a stream is doing: ``StreamMetrics``, every 10 s and at its end."""

from typing import Literal

from msgspec import Struct

from schemas.fields import Count, Id, Message, Share

StreamState = Literal["ok", "delayed", "incomplete", "uncertain"]


class Quantiles(Struct, frozen=True, kw_only=True):
    """Of seconds, by nearest rank."""

    p50: float
    p95: float


class LatencyFigures(Struct, frozen=True, kw_only=True):
    """Seconds from speech to final caption, by who spent them; see ``Latency``.

    Over the last 50 final captions of the window, at most; each None where no caption
    of the window tells it, never 0.
    """

    recogniser_s: Quantiles | None = None
    kafka_s: Quantiles | None = None
    policy_s: Quantiles | None = None
    worker_s: Quantiles | None = None
    total_s: Quantiles | None = None
    """Over the captions of which all stages are known."""


class Stability(Struct, frozen=True, kw_only=True):
    """How much captions changed as viewers read them, in words.

    Ratios are None where there is nothing to divide by.
    """

    updates: Count
    """Events that changed the text of a caption."""
    words_added: Count
    words_erased: Count
    """Words after the longest common prefix of a text and the next one."""
    stable_words_erased: Count
    """The same of ``text[:stable]``."""
    unstable_words: Count
    """Erased of captions still open, by words as spoken: case and punctuation aside."""
    final_words: Count
    """In captions when they became final."""
    normalized_erasure: float | None
    """``words_erased`` / ``final_words``: Arivazhagan et al., 2020."""
    stable_normalized_erasure: float | None
    """``stable_words_erased`` / ``final_words``."""
    upwr: float | None
    """``unstable_words`` / ``final_words``: Shangguan et al., 2020."""
    burstiness: float | None
    """Words added and erased by an update, the mean: MeetDot, 2021."""
    largest_burst: Count
    """The same, the largest."""


class LifeFigures(Struct, frozen=True, kw_only=True):
    """Since the life began, this window included."""

    words: Count
    duplicates: Count
    late: Count
    uncertain: Count
    flags: dict[str, Count]
    cue_compliance: dict[str, Share]
    gaps: Count | None
    gap_s: float | None
    stability: Stability


class StreamMetrics(Message, frozen=True, kw_only=True, tag=True):
    """Figures of one stream over one window; Kafka topic ``captions.metrics.v1``.

    A figure is None where this agent cannot know it.
    """

    life: Id
    agent: Literal["merge", "topics"]
    number: Count
    """0 for the first window of this life."""
    window_s: float
    """Seconds of wall time that the figures cover."""
    last: bool = False
    """The life has ended."""
    state: StreamState | None = None
    """Whether the captions can be trusted now; the worst that is true, in the order
    ``incomplete``, ``delayed``, ``uncertain``."""
    reason: str | None = None
    """Why, in words; empty if ``ok``."""
    segments: dict[str, Count] | None = None
    """Segments by what became of them."""
    duplicates: Count | None = None
    """Segments that said what was known already."""
    captions: dict[str, Count] | None = None
    """Caption events by their type."""
    words: Count | None = None
    """Words in captions that became final."""
    words_per_minute: float | None = None
    """Of media time in captions; None where the provider gives no times."""
    uncertain: Count | None = None
    """Final captions with words that nothing final covered."""
    late: Count | None = None
    """Final captions that came after later ones, beyond the lateness bound."""
    flags: dict[str, Count] | None = None
    """Flags on final captions by name."""
    gaps: Count | None = None
    """Times that the audio went on for 10 s or more without words, counted when the
    next words come; None without media times."""
    gap_s: float | None = None
    """Media time in these gaps."""
    stability: Stability | None = None
    latency: LatencyFigures | None = None
    cues: Count | None = None
    """Cue events."""
    cue_compliance: dict[str, Share] | None = None
    """By profile: of the cues sent, those that broke no rule; without withdrawals, and
    without those that say ``next_unknown``, which come again."""
    topics: dict[str, Count] | None = None
    """Topic events by their type."""
    whole_life: LifeFigures | None = None
