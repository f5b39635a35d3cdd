"""How a stream is doing: ``StreamMetrics``, every 10 s and at its end."""

from typing import Literal

from schemas.fields import Count, Id, Message


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
    segments: dict[str, Count] | None = None
    """Segments by what became of them."""
    captions: dict[str, Count] | None = None
    """Caption events by their type."""
    cues: Count | None = None
    """Cue events."""
    words: Count | None = None
    """Words in captions that became final."""
    words_per_minute: float | None = None
    """Of media time; None where the provider gives no times."""
    latency_s: float | None = None
    """Median over final captions, from the end of the speech to the event."""
    topics: dict[str, Count] | None = None
    """Topic events by their type."""
