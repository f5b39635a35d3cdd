"""What stands of a stream's present life: captions, cues, topics and figures."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain, takewhile

from msgspec import Struct

from schemas.captions import (
    Caption,
    CaptionFinal,
    CaptionRevised,
    CaptionUpdated,
    CaptionWithdrawn,
    Cue,
    StreamEnded,
)
from schemas.fields import Message
from schemas.metrics import StreamMetrics
from schemas.phrases import PhraseSpotted
from schemas.topics import (
    EnrichedCaption,
    Topic,
    TopicConfirmed,
    TopicEnded,
    TopicWithdrawn,
)
from workers.core.caption_ids import number_of
from workers.exports.blocks import Block

MAX_BYTES = 4 * 1024 * 1024
"""About ten hours of talk, captions and cues; then the oldest go."""
MAX_TOPICS = 1000
MAX_SPOTS = 1000
WINDOWS = 90
"""A quarter of an hour of figures, at one every 10 s."""
MAX_SPEAKERS = 16
OVERHEAD = 200
"""Bytes that an entry takes beside its own."""

_CONFIRMING = (TopicConfirmed.__name__, TopicEnded.__name__)
_LIFE = re.compile(r"\d{1,10}-\d{1,18}", re.ASCII)


class Kept(Struct, frozen=True):
    """The newest state of a caption, cue or topic."""

    revision: int
    kind: str
    data: bytes
    """As JSON."""
    final: bool = False
    words: int = 0
    caption: int = -1
    """Of a cue, the number of its last caption: it goes when that goes."""


def life_of(message: Message) -> str | None:
    """Return the life that a message is of; None if its ids are not ours."""
    match message:
        case Caption() | CaptionWithdrawn() | PhraseSpotted():
            life = message.caption_id.partition(".")[0]
        case Cue():
            life = message.cue_id.partition(".")[0]
        case Topic():
            life = message.topic_id.partition(".")[0]
        case StreamEnded() | StreamMetrics():
            life = message.life
        case _:
            return None
    return life if _LIFE.fullmatch(life) else None


def begun_at(life: str) -> int:
    """Return the offset of the segment a life began with: later lives have more."""
    return int(life.partition("-")[2])


class History:
    """One life of a stream, bounded; changed in place, since it is most of our memory.

    Args:
        life: Its name.
        max_bytes: Captions and cues beyond it are let go of, the oldest first.
    """

    def __init__(self, life: str, max_bytes: int = MAX_BYTES) -> None:
        self.life = life
        self._max_bytes = max_bytes
        self.captions: dict[int, Kept] = {}
        self.cues: dict[str, Kept] = {}
        self.topics: dict[str, Kept] = {}
        self.spots: dict[str, Kept] = {}
        """Watched phrases that stand in captions."""
        self.confirmed: dict[str, bytes] = {}
        """The event that confirmed a topic: the newest one may only tell its label."""
        self.before: dict[int, Kept] = {}
        """What a caption said when it first was final, where that has changed since."""
        self.figures: dict[str, deque[bytes]] = {}
        """By agent, one a window."""
        self.newest_figures: dict[str, StreamMetrics] = {}
        self.ended: StreamEnded | None = None
        self.speakers: dict[str, None] = {}
        self.languages: dict[str, None] = {}
        self.start_s: float | None = None
        self.end_s: float | None = None
        self.topic: Topic | None = None
        """The newest one that stands."""
        self.finals = 0
        self.words = 0
        self.end_heard_ms = 0
        """When `end_s` was: Kafka timestamp."""
        self.cues_version = 0
        """Grows with each change of a cue."""
        self.published_s = 0.0
        """How far HLS segments have come; never back, as players do not go back."""
        self.shown: dict[str, tuple[int, list[Block]]] = {}
        """By profile, what is on the screen, and the version of the cues it is of."""
        self.cut = False
        """Something of its beginning is gone."""
        self.bytes = 0

    def take(self, message: Message, data: bytes, timestamp_ms: int) -> None:
        """Take in one message of this life; *data* is it as JSON."""
        match message:
            case EnrichedCaption():
                pass  # its caption is here already, its topic by the topic's events
            case CaptionUpdated() | CaptionFinal() | CaptionRevised():
                self._caption(message, data, timestamp_ms)
            case CaptionWithdrawn():
                number = number_of(self.life, message.caption_id)
                if number is not None:
                    self._remove(self.captions, number)
                    self._forget_before(number)
            case Cue():
                self.cues_version += 1
                ids = message.caption_ids
                number = number_of(self.life, ids[-1]) if ids else None
                self._stand(self.cues, message.cue_id, message, data, number)
            case PhraseSpotted():
                self._stand(self.spots, message.spot_id, message, data)
            case Topic():
                self._topic(message, data)
            case StreamMetrics():
                self._window(message.agent, data)
                self.newest_figures[message.agent] = message
            case StreamEnded():
                self.ended = message
        self._stay_bounded()

    def standing(self, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
        """Yield what stands, kind and JSON: captions, cues, topics and so on."""
        for number in sorted(self.captions):
            if number in self.before:
                yield self.before[number].kind, self.before[number].data
            yield self.captions[number].kind, self.captions[number].data
        for name, kept in self.topics.items():
            if name in self.confirmed and kept.kind not in _CONFIRMING:
                yield TopicConfirmed.__name__, self.confirmed[name]
            yield kept.kind, kept.data
        for kept in chain(
            self.cues.values() if wanted("Cue") else (), self.spots.values()
        ):
            yield kept.kind, kept.data
        for data in chain.from_iterable(self.figures.values()):
            yield StreamMetrics.__name__, data

    def _caption(
        self,
        message: CaptionUpdated | CaptionFinal | CaptionRevised,
        data: bytes,
        timestamp_ms: int,
    ) -> None:
        number = number_of(self.life, message.caption_id)
        if number is None:
            return
        final = isinstance(message, CaptionFinal) or (
            isinstance(message, CaptionRevised) and message.final
        )
        words = len(message.text.split())
        kept = Kept(message.revision, type(message).__name__, data, final, words)
        old = self.captions.get(number)
        if final and old is not None and old.final and number not in self.before:
            self.before[number] = old
            self.bytes += len(old.data) + OVERHEAD
        self._keep(self.captions, number, kept)
        if message.speaker and len(self.speakers) < MAX_SPEAKERS:
            self.speakers[message.speaker] = None
        if message.language and len(self.languages) < MAX_SPEAKERS:
            self.languages[message.language] = None
        if message.start_s is not None:
            first = self.start_s is None or message.start_s < self.start_s
            self.start_s = message.start_s if first else self.start_s
        if message.end_s is not None and message.end_s > (self.end_s or 0.0):
            self.end_s = message.end_s
            self.end_heard_ms = timestamp_ms

    def _topic(self, message: Topic, data: bytes) -> None:
        name = message.topic_id
        if isinstance(message, TopicWithdrawn):
            self._remove(self.topics, name)
            self._confirm(name, None)
            if self.topic is not None and self.topic.topic_id == name:
                self.topic = None
            return
        if isinstance(message, TopicConfirmed | TopicEnded):
            self._confirm(name, data)
        newer = name not in self.topics
        self._keep(
            self.topics, name, Kept(message.revision, type(message).__name__, data)
        )
        if self.topic is None or newer or name == self.topic.topic_id:
            self.topic = message

    def _confirm(self, name: str, data: bytes | None) -> None:
        """Keep the event that confirmed a topic; None: the topic is no more."""
        old = self.confirmed.pop(name, None)
        self.bytes -= 0 if old is None else len(old) + OVERHEAD
        if data is not None:
            self.confirmed[name] = data
            self.bytes += len(data) + OVERHEAD

    def _window(self, agent: str, data: bytes) -> None:
        """Keep the newest windows of an agent's figures."""
        windows = self.figures.setdefault(agent, deque())
        windows.append(data)
        self.bytes += len(data) + OVERHEAD
        if len(windows) > WINDOWS:
            self.bytes -= len(windows.popleft()) + OVERHEAD

    def _stand(
        self,
        where: dict[str, Kept],
        name: str,
        new: Cue | PhraseSpotted,
        data: bytes,
        caption: int | None = None,
    ) -> None:
        """Keep what says by itself whether it stands."""
        if new.withdrawn:
            self._remove(where, name)
            return
        number = -1 if caption is None else caption
        kept = Kept(new.revision, type(new).__name__, data, caption=number)
        self._keep(where, name, kept)

    def _keep(
        self, where: dict[str, Kept] | dict[int, Kept], name: object, new: Kept
    ) -> None:
        entries: dict[object, Kept] = where  # type: ignore[assignment]  # by either key
        old = entries.get(name)
        if old is not None and old.revision > new.revision:
            return
        if old is not None:
            self._forget(old)
        entries[name] = new
        self.bytes += len(new.data) + OVERHEAD
        self.finals += new.final
        self.words += new.words if new.final else 0

    def _remove(self, where: dict[str, Kept] | dict[int, Kept], name: object) -> None:
        entries: dict[object, Kept] = where  # type: ignore[assignment]  # by either key
        old = entries.pop(name, None)
        if old is not None:
            self._forget(old)

    def _forget_before(self, number: int) -> None:
        before = self.before.pop(number, None)
        self.bytes -= 0 if before is None else len(before.data) + OVERHEAD

    def _forget(self, old: Kept) -> None:
        self.bytes -= len(old.data) + OVERHEAD
        self.finals -= old.final
        self.words -= old.words if old.final else 0

    def _stay_bounded(self) -> None:
        while self.bytes > self._max_bytes and (len(self.captions) > 1 or self.cues):
            if len(self.captions) > 1:
                number = min(self.captions)
                self._remove(self.captions, number)
                self._forget_before(number)
                self._cues_go(number)
            else:
                self._remove(self.cues, next(iter(self.cues)))
            self.cut = True
        while len(self.spots) > MAX_SPOTS:
            self._remove(self.spots, next(iter(self.spots)))
        while len(self.topics) > MAX_TOPICS:
            name = next(iter(self.topics))
            self._remove(self.topics, name)
            self._confirm(name, None)
            self.cut = True

    def _cues_go(self, number: int) -> None:
        """Let go of the oldest cues, as far as they are of captions that are gone."""
        gone = [
            name
            for name, kept in takewhile(
                lambda each: each[1].caption <= number, self.cues.items()
            )
        ]
        for name in gone:
            self._remove(self.cues, name)
