"""Cues as subtitles of an HLS stream: a playlist, and WebVTT in equal pieces.

Source: RFC 8216, sections 3.5 (WebVTT, ``X-TIMESTAMP-MAP``) and 4.3.
"""

import math
from collections.abc import Sequence

from msgspec import Struct

from workers.core.cues.profiles import Profile
from workers.exports.blocks import Block
from workers.exports.subtitles import vtt_of

TARGET_S = 6
"""Media seconds of a segment: what most live streams have."""
WINDOW = 10
"""Segments in a rolling playlist: a minute, as players want three at least."""
MAX_MPEGTS = 2**33 - 1
"""The clock of 90 kHz has 33 bits."""


class Shown(Struct, frozen=True, kw_only=True):
    """Which segments there are."""

    first: int
    """The number of the first one listed."""
    count: int
    ended: bool = False
    end_s: float = 0.0
    """Where an ended stream ends."""
    growing: bool = False
    """Nothing ever leaves the list."""


def segments(
    published_s: float, *, ended: bool, end_s: float, from_start: bool
) -> Shown:
    """Tell which segments are there.

    Args:
        published_s: Media time up to which no more cues are to be waited for.
        ended: The stream has, at *end_s*.
        end_s: The end of the last cue, or of speech.
        from_start: List all; else the newest ``WINDOW``.
    """
    whole = math.ceil(end_s / TARGET_S) if ended else int(published_s // TARGET_S)
    first = 0 if from_start else max(0, whole - WINDOW)
    return Shown(
        first=first,
        count=whole - first,
        ended=ended,
        end_s=end_s,
        growing=from_start,
    )


def playlist(shown: Shown, query: str = "") -> str:
    """Write the playlist; *query* is put behind the name of each segment.

    Names are relative to that of the playlist: ``0.vtt``, ``1.vtt`` and so on.
    """
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:3",
        f"#EXT-X-TARGETDURATION:{TARGET_S}",
        f"#EXT-X-MEDIA-SEQUENCE:{shown.first}",
    ]
    if shown.growing:
        lines.append("#EXT-X-PLAYLIST-TYPE:EVENT")
    for number in range(shown.first, shown.first + shown.count):
        left_s = shown.end_s - number * TARGET_S if shown.ended else TARGET_S
        lines.append(f"#EXTINF:{min(float(TARGET_S), left_s):.3f},")
        lines.append(f"{number}.vtt{'?' if query else ''}{query}")
    if shown.ended:
        lines.append("#EXT-X-ENDLIST")
    return "".join(f"{line}\n" for line in lines)


def segment(
    blocks: Sequence[Block], number: int, mpegts: int, profile: Profile | None = None
) -> str:
    """Write one segment: each cue that is on the screen in it, with its whole time.

    A cue across an edge is in both segments; players know it again by its times and
    text. So it has no number: hls.js takes two cues of one name for the same.

    Args:
        blocks: What is on the screen, in order.
        number: Of the segment, from 0.
        mpegts: What the video's clock of 90 kHz shows at media second 0.
        profile: That of the cues.
    """
    start_ms, end_ms = number * TARGET_S * 1000, (number + 1) * TARGET_S * 1000
    inside = [one for one in blocks if one.start_ms < end_ms and one.end_ms > start_ms]
    head = f"X-TIMESTAMP-MAP=MPEGTS:{mpegts},LOCAL:00:00:00.000"
    return vtt_of(inside, profile, [head], numbered=False)
