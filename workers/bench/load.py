"""What a benchmark sends: many streams of the demo's talk, side by side."""

from collections.abc import Iterator

from msgspec.structs import replace

from schemas.segment import CaptionSegment
from workers.adapters.recording import open_recording
from workers.recordings import demo_recording


def segments(count: int, streams: int) -> Iterator[CaptionSegment]:
    """Make *count* segments, interims and finals, of *streams* live streams.

    Each stream is the demo's talk, over and over; no stream ends. The k-th message of
    all streams comes before the next one of any.
    """
    sent = [one.segment for one in open_recording(demo_recording()).segments]
    talk = [one for one in sent if isinstance(one, CaptionSegment)]
    made = 0
    life = 0
    while True:
        for segment in talk:
            for stream in range(streams):
                if made == count:
                    return
                made += 1
                yield replace(
                    segment,
                    stream_id=f"bench-{stream}",
                    epoch=life,
                    end_of_stream=False,
                    emitted_at=None,
                    stream_started_at=None,
                )
        life += 1
