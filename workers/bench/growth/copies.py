"""Many streams out of the demo's talk: each in the middle of it, by its own name."""

from collections.abc import Sequence
from typing import Any, Final, Protocol

from msgspec.structs import replace

from schemas.captions import CaptionFinal
from schemas.codec import CAPTION_EVENT, encode
from schemas.segment import CaptionSegment
from workers.agents.merge import MergeRules
from workers.agents.topics import TopicRules
from workers.bench.growth.partition import Partition
from workers.bench.load import segments
from workers.core.caption_ids import caption_id, number_of
from workers.core.lives import Live
from workers.delivery.records import Headers, Output, Record
from workers.delivery.rules import Rules

NOW_MS: Final = 1_800_000_000_000
"""When every stream hears its next record."""
_SEGMENT_MS: Final = 600
"""From one segment of a stream to its next."""
_FIRST: Final = 600
"""Segments before any stream's place: six minutes, a hundred sentences."""
_STEP: Final = 23
_PLACES: Final = 10

_LIFE: Final = 70_000_000
"""The offset at which the stream that is copied begins; it names the life."""
_STREAM: Final = b"bench-0"


class Copies(Protocol):
    """Streams of one agent."""

    goes_on: bool
    """Each record is a stream's next; else it is always the same one."""

    def state(self, stream: int) -> tuple[bytes, Any]:
        """Return the key of a stream, and its state in the middle of the talk."""

    def record(self, stream: int) -> Record:
        """Return what a stream hears next."""


class MergeCopies:
    """Streams at ten places of the talk, which hear the segment that comes there.

    Args:
        rules: Of agent ``merge``.
    """

    goes_on = False

    def __init__(self, rules: MergeRules) -> None:
        self._rules = rules
        places = [_FIRST + _STEP * place for place in range(_PLACES)]
        talk = list(segments(places[-1] + 1, 1))
        self._states = [
            rules.decode_state(rules.state_version, _stands(rules, talk[:place]))
            for place in places
        ]
        self._next = [encode(talk[place]) for place in places]

    def state(self, stream: int) -> tuple[bytes, Any]:
        """Return the key of a stream, and its state."""
        state = self._states[stream % _PLACES]
        assert isinstance(state, Live)
        data = self._rules.encode_state(_as_another(state, stream))
        return _name(stream), self._rules.decode_state(self._rules.state_version, data)

    def record(self, stream: int) -> Record:
        """Return the segment that a stream hears next."""
        value = _renamed(self._next[stream % _PLACES], stream)
        offset = 2 * _LIFE + stream
        return Record(self._rules.input, 0, offset, NOW_MS, _name(stream), value)


class TopicCopies:
    """Streams that have heard a hundred captions, and hear the talk's again and again.

    Args:
        merge: Rules of agent ``merge``.
        topics: Those of agent ``topics``, of the same prefix.
    """

    goes_on = True

    def __init__(self, merge: MergeRules, topics: TopicRules) -> None:
        self._rules = topics
        self._talk = list(_captions(merge, topics))
        self._heard: dict[int, int] = {}
        partition: Partition[Any] = Partition(topics)
        for number in range(_FIRST * len(self._talk) // 1356):
            value, headers = self._caption(number)
            record = Record(topics.input, 0, number, NOW_MS, _STREAM, value, headers)
            partition.turn([record], NOW_MS)
        self._state = _state(topics, partition)
        self._first = number + 1

    def state(self, stream: int) -> tuple[bytes, Any]:
        """Return the key of a stream, and its state."""
        data = _renamed(self._state, stream)
        return _name(stream), self._rules.decode_state(self._rules.state_version, data)

    def record(self, stream: int) -> Record:
        """Return the final caption that a stream hears next."""
        number = self._heard.get(stream, self._first)
        self._heard[stream] = number + 1
        value, headers = self._caption(number)
        own = _renamed(value, stream)
        offset = 2 * _LIFE + number
        return Record(self._rules.input, 0, offset, NOW_MS, _name(stream), own, headers)

    def _caption(self, number: int) -> tuple[bytes, Headers]:
        """Return the value and headers of a stream's caption of that number."""
        again, place = divmod(number, len(self._talk))
        caption, headers = self._talk[place]
        length_s = self._talk[-1][0].end_s or 0.0
        own = replace(
            caption,
            caption_id=caption_id(f"0-{_LIFE}", number),
            start_s=(caption.start_s or 0.0) + again * length_s,
            end_s=(caption.end_s or 0.0) + again * length_s,
        )
        return encode(own), headers


def _captions(
    merge: MergeRules, topics: TopicRules
) -> Sequence[tuple[CaptionFinal, Headers]]:
    """Return the talk's final captions as agent ``merge`` writes them."""
    partition: Partition[Any] = Partition(merge)
    found = []
    for number, segment in enumerate(segments(1356, 1)):
        for output in _say(partition, merge, segment, number, NOW_MS):
            if output.topic != topics.input:
                continue
            event = CAPTION_EVENT.decode(output.key, output.value)
            if isinstance(event, CaptionFinal):
                found.append((event, output.headers))
    return sorted(
        found, key=lambda one: number_of(f"0-{_LIFE}", one[0].caption_id) or 0
    )


def _stands(rules: MergeRules, talk: Sequence[CaptionSegment]) -> bytes:
    """Return the state of a stream that has heard this much of the talk just now."""
    partition: Partition[Any] = Partition(rules)
    for number, segment in enumerate(talk):
        _say(partition, rules, segment, number, NOW_MS - len(talk) * _SEGMENT_MS)
    return _state(rules, partition)


def _say(
    partition: Partition[Any],
    rules: MergeRules,
    segment: CaptionSegment,
    number: int,
    first_ms: int,
) -> list[Output]:
    now_ms = first_ms + number * _SEGMENT_MS
    said = encode(segment)
    record = Record(rules.input, 0, _LIFE + number, now_ms, _STREAM, said)
    return partition.turn([record], now_ms)


def _state(rules: Rules[Any], partition: Partition[Any]) -> bytes:
    return rules.encode_state(partition.store.get(_STREAM))


def _as_another(live: Live, stream: int) -> Live:
    """Return the same life of another stream."""
    name, before, life = _name(stream).decode(), live.merge.life, f"0-{_LIFE + stream}"
    return replace(
        live,
        merge=replace(live.merge, stream_id=name, life=life),
        cues=tuple(
            replace(
                one,
                stream_id=name,
                life=life,
                captions=tuple(
                    replace(caption, key=caption.key.replace(before, life))
                    for caption in one.captions
                ),
                waiting=(),
            )
            for one in live.cues
        ),
    )


def _renamed(data: bytes, stream: int) -> bytes:
    own = data.replace(b'"%b"' % _STREAM, b'"%b"' % _name(stream))
    return own.replace(b"0-%d" % _LIFE, b"0-%d" % (_LIFE + stream))


def _name(stream: int) -> bytes:
    return b"bench-%d" % stream
