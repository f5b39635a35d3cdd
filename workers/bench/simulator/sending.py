"""A segment on its way, and what all recognisers put into one."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

from schemas.segment import CaptionSegment, Word
from workers.bench.simulator.speech import Spoken, Utterance, written

STREAM = "sim"
STARTED_AT = datetime(2026, 1, 15, 10, tzinfo=UTC)


class Sent(Struct, frozen=True, kw_only=True):
    """A segment and when it arrives, in seconds from the start of the stream."""

    at_s: float
    segment: CaptionSegment


def segment(
    said: Utterance,
    words: Sequence[Spoken],
    *,
    at_s: float,
    timed: bool = False,
    times: bool = True,
    **fields: Any,
) -> Sent:
    """Send words of an utterance.

    Args:
        said: Whose speaker and channel they have.
        words: What is recognised; may be none.
        at_s: When it arrives.
        timed: Each word has its time.
        times: The segment has a start and an end.
        fields: Other fields of the segment, over what is filled in here.
    """
    values: dict[str, Any] = {
        "stream_id": STREAM,
        "text": written([word.text for word in words], said.language),
        "is_final": False,
        "speaker": said.speaker,
        "channel": said.channel,
        "emitted_at": STARTED_AT + timedelta(seconds=at_s),
    }
    if times and words:
        values |= {"start_s": words[0].start_s, "end_s": words[-1].end_s}
    if timed and words:
        values["words"] = tuple(
            Word(text=word.text, start_s=word.start_s, end_s=word.end_s)
            for word in words
        )
    return Sent(at_s=round(at_s, 3), segment=CaptionSegment(**(values | fields)))
