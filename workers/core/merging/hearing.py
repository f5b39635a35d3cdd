"""A run from a segment: its words, with what else is known of it."""

from datetime import datetime

from schemas.segment import CaptionSegment
from workers.core.merging.heard import Heard
from workers.core.merging.state import Run


def run_of(
    segment: CaptionSegment,
    owner: str,
    words: tuple[Heard, ...],
    arrived_ms: int,
    offset_s: float,
) -> Run:
    """Make the run of *words*, those of a segment that nobody owns yet."""
    end_s = words[-1].end_s
    spoken_ms = None
    if segment.stream_started_at is not None and end_s is not None:
        spoken_ms = _ms(segment.stream_started_at) + round((end_s - offset_s) * 1000)
    return Run(
        owner=owner,
        words=words,
        final=segment.is_final,
        ends=segment.is_final and segment.end_of_utterance,
        speaker=segment.speaker,
        language=segment.language,
        timed=segment.words is not None and words[-1].end_s is not None,
        arrived_ms=arrived_ms,
        emitted_ms=emitted_ms(segment),
        spoken_ms=spoken_ms,
        # What sends 0.0 for a final has no measure of it.
        confidence=segment.confidence or None,
    )


def emitted_ms(segment: CaptionSegment) -> int | None:
    """Return when the provider sent a segment, milliseconds since 1970."""
    return None if segment.emitted_at is None else _ms(segment.emitted_at)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
