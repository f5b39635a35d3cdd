"""A stream's present life as a file: subtitles, transcript, JSON, chapters, HLS."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from msgspec import Struct

from schemas.captions import Cue
from schemas.codec import EVENT
from schemas.fields import Message
from schemas.topics import Topic
from workers.core.caption_ids import number_of
from workers.core.cues.profiles import Profile
from workers.exports import hls
from workers.exports.blocks import Block, blocks
from workers.exports.chapters import chapters, told, webvtt
from workers.exports.latest import ExportError
from workers.exports.subtitles import srt, vtt
from workers.exports.transcript import transcript
from workers.view.history import History, Kept

HOLD_S = 8.0
"""Media seconds that an HLS segment is held back: the longest cue, and a second."""


class Still(Struct, frozen=True, kw_only=True):
    """A history as it stood at one moment, for work in another thread."""

    stream_id: str
    life: str
    captions: tuple[tuple[int, Kept], ...]
    cues: tuple[bytes, ...]
    topics: tuple[tuple[str, bytes], ...]
    confirmed: frozenset[str]
    end_s: float | None
    ended: bool
    from_start: bool

    def messages(self) -> Iterator[Message]:
        """Read captions, cues and the topics that are confirmed."""
        key = self.stream_id.encode()
        for _, kept in self.captions:
            yield EVENT.decode(key, kept.data)
        for data in self.cues:
            yield EVENT.decode(key, data)
        yield from self.standing_topics()

    def cues_of(self, profile: str) -> Iterator[Message]:
        """Read the cues of one profile."""
        key = self.stream_id.encode()
        for data in self.cues:
            cue = EVENT.decode(key, data)
            if isinstance(cue, Cue) and cue.profile == profile:
                yield cue

    def standing_topics(self, *, provisional: bool = False) -> Iterator[Topic]:
        """Read the topics; those that may still be withdrawn only if asked for."""
        key = self.stream_id.encode()
        for name, data in self.topics:
            if provisional or name in self.confirmed:
                topic = EVENT.decode(key, data)
                assert isinstance(topic, Topic)
                yield topic


def still(stream_id: str, history: History) -> Still:
    """Take down how a history stands now."""
    return Still(
        stream_id=stream_id,
        life=history.life,
        captions=tuple(sorted(history.captions.items())),
        cues=tuple(kept.data for kept in history.cues.values()),
        topics=tuple((name, kept.data) for name, kept in history.topics.items()),
        confirmed=frozenset(history.confirmed),
        end_s=history.end_s,
        ended=history.ended is not None,
        from_start=not history.cut,
    )


def as_vtt(one: Still, profile: Profile) -> str:
    """Write the cues of a profile as WebVTT."""
    return vtt(one.cues_of(profile.name), profile)


def as_srt(one: Still, profile: Profile, *, speakers: bool) -> str:
    """Write the cues of a profile as SubRip."""
    return srt(one.cues_of(profile.name), profile, speakers=speakers)


def as_text(one: Still) -> str:
    """Write the final captions as a transcript, under the topics confirmed so far."""
    return transcript(one.messages())


def as_chapters(one: Still) -> str:
    """Write the topics confirmed so far as chapters; none while nothing has a time."""
    spoken = list(one.messages())
    try:
        found = chapters(told(one.standing_topics()), spoken)
    except ExportError:
        found = []
    return webvtt(found)


def as_json(one: Still, position: str) -> bytes:
    """Write captions and topics, each caption with the topic it belongs to now.

    Args:
        one: The stream.
        position: The id of its newest event, to go on from.
    """
    topics = list(one.standing_topics(provisional=True))
    firsts, names = _beginnings(one.life, topics)
    captions = []
    for number, kept in one.captions:
        fields: dict[str, Any] = orjson.loads(kept.data)
        place = bisect_right(firsts, number) - 1
        fields["final"] = kept.final
        fields["topic_id"] = names[place] if place >= 0 else None
        captions.append(fields)
    return orjson.dumps(
        {
            "stream_id": one.stream_id,
            "life": one.life,
            "ended": one.ended,
            "from_start": one.from_start,
            "position": position,
            "captions": captions,
            "topics": [
                {**orjson.loads(data), "confirmed": name in one.confirmed}
                for name, data in one.topics
            ],
        }
    )


def on_screen(one: Still, profile: Profile) -> list[Block]:
    """Return what a profile shows, moment by moment."""
    return blocks(one.cues_of(profile.name), profile)


def published_s(history: History, now_ms: int) -> float:
    """Return the media time up to which HLS segments are there.

    Media time goes on while nobody speaks, and players want news then too; so from the
    end of what was heard last it runs with the wall, less ``HOLD_S``.
    """
    if history.end_s is None:
        return 0.0
    silent_s = max(0, now_ms - history.end_heard_ms) / 1000
    return max(0.0, history.end_s + silent_s - HOLD_S)


def hls_playlist(
    history: History, published: float, query: str, *, from_start: bool
) -> str:
    """Write the playlist of a stream."""
    shown = hls.segments(
        published,
        ended=history.ended is not None,
        end_s=history.end_s or 0.0,
        from_start=from_start,
    )
    return hls.playlist(shown, query)


def _beginnings(life: str, topics: Iterable[Topic]) -> tuple[list[int], list[str]]:
    """Return the numbers of the captions that topics begin with, and their names."""
    begun = sorted(
        (number, topic.topic_id)
        for topic in topics
        if (number := number_of(life, topic.first_caption_id)) is not None
    )
    return [number for number, _ in begun], [name for _, name in begun]
