"""A day of many streams in minutes: what is left of those that come and go.

Streams live half an hour to an hour and say something now and then, so that a day of
them is not a day of work; two of three say that they end, the third falls silent. A
turn is a minute. What is told is what would grow if anything did: entries, bytes of
state, memory, and the cost of a record.
"""

import heapq
import random
from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from schemas.codec import encode
from schemas.segment import CaptionSegment
from workers.agents.merge import MergeRules
from workers.agents.topics import TopicRules
from workers.bench.growth.memory import resident_bytes
from workers.bench.growth.partition import Partition
from workers.bench.load import segments
from workers.delivery.records import Output, Record

_START_MS: Final = 1_800_000_000_000
_MINUTE_MS: Final = 60_000
_SHORTEST_MS: Final = 30 * _MINUTE_MS
_LONGEST_MS: Final = 60 * _MINUTE_MS
_SILENT: Final = 1 / 3
"""Of the streams never say that they end."""
_TALK: Final = 1200
"""Segments of the demo's talk that streams begin somewhere in."""


class Hour(Struct, frozen=True):
    """How things stood when it ended."""

    hour: int
    segments: int
    """Of this hour."""
    streams: int
    """That have begun since the day began."""
    merge_entries: int
    """Live streams, and gravestones of ended ones."""
    topics_entries: int
    state_bytes: int
    """Of both agents, as written last."""
    memory_bytes: int
    """Of this process."""
    merge_us: float
    """CPU for a segment."""


class _Due(Struct, frozen=True, order=True):
    """The next segment of a stream."""

    at_ms: int
    stream: int
    said: int
    gap_ms: int
    begins: int
    """Place in the talk."""


def day(
    merge: MergeRules,
    topics: TopicRules,
    *,
    streams: int,
    each: int,
    hours: int = 24,
    seed: int = 1,
) -> Iterator[Hour]:
    """Let a day pass; yield how things stand after each hour.

    Args:
        merge: Rules of agent ``merge``.
        topics: Those of agent ``topics``, of the same prefix.
        streams: Live at a time.
        each: Segments of a stream in its life; at least 5, since 15 minutes of
            silence end it.
        hours: Of the day.
        seed: Of who says what when.
    """
    crowd = _Crowd(random.Random(seed), streams, each)  # noqa: S311  # no secret
    merging: Partition[Any] = Partition(merge)
    naming: Partition[Any] = Partition(topics)
    offset = written = 0
    for hour in range(hours):
        merging.cpu_s, merging.records = 0.0, 0
        for minute in range(60):
            end_ms = _START_MS + (hour * 60 + minute + 1) * _MINUTE_MS
            turn = []
            for at_ms, segment in crowd.until(end_ms):
                key = segment.stream_id.encode()
                said = encode(segment)
                turn.append(Record(merge.input, 0, offset, at_ms, key, said))
                offset += 1
            captions = _captions(merging.turn(turn, end_ms), topics, written, end_ms)
            written += len(captions)
            naming.turn(captions, end_ms)
        yield Hour(
            hour=hour + 1,
            segments=merging.records,
            streams=crowd.begun,
            merge_entries=len(merging.store),
            topics_entries=len(naming.store),
            state_bytes=merging.state_bytes + naming.state_bytes,
            memory_bytes=resident_bytes(),
            merge_us=round(merging.cpu_s / merging.records * 1e6, 1),
        )


class _Crowd:
    """Streams, each followed by another when it has ended."""

    def __init__(self, chance: random.Random, streams: int, each: int) -> None:
        self._chance = chance
        self._each = each
        self._talk = list(segments(_TALK + each, 1))
        self.begun = 0
        self._due: list[_Due] = []
        for _ in range(streams):
            # As if all had begun some time ago, so that they do not end together.
            self._begin(_START_MS + chance.randrange(_LONGEST_MS))

    def until(self, end_ms: int) -> Iterator[tuple[int, CaptionSegment]]:
        """Yield what is said before *end_ms*, and when."""
        while self._due[0].at_ms < end_ms:
            due = heapq.heappop(self._due)
            last = due.said + 1 == self._each
            yield (
                due.at_ms,
                replace(
                    self._talk[due.begins + due.said],
                    stream_id=f"day-{due.stream}",
                    end_of_stream=last and self._chance.random() > _SILENT,
                    emitted_at=None,
                    stream_started_at=None,
                ),
            )
            if last:
                self._begin(due.at_ms + due.gap_ms)
            else:
                at_ms = due.at_ms + due.gap_ms
                later = replace(due, at_ms=at_ms, said=due.said + 1)
                heapq.heappush(self._due, later)

    def _begin(self, at_ms: int) -> None:
        life_ms = self._chance.randint(_SHORTEST_MS, _LONGEST_MS)
        begins = self._chance.randrange(_TALK)
        gap_ms = life_ms // self._each
        heapq.heappush(self._due, _Due(at_ms, self.begun, 0, gap_ms, begins))
        self.begun += 1


def _captions(
    outputs: list[Output], topics: TopicRules, first: int, now_ms: int
) -> list[Record]:
    """Return what agent ``topics`` reads of what ``merge`` wrote."""
    own = [output for output in outputs if output.topic == topics.input]
    return [
        Record(
            topics.input,
            0,
            first + place,
            now_ms,
            output.key,
            output.value,
            output.headers,
        )
        for place, output in enumerate(own)
    ]
