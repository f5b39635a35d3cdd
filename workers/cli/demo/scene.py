"""What viewers have got so far: every event folded into one value."""

from msgspec import Struct
from msgspec.structs import replace

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
from schemas.topics import (
    EnrichedCaption,
    Topic,
    TopicConfirmed,
    TopicEnded,
    TopicWithdrawn,
)
from workers.cli.demo.words import changed, speaker

KEPT_CAPTIONS = 60
"""More than a high terminal shows, and than can still be revised."""
KEPT_CUES = 20
SHORTEST_CUE_S = 1.0


class Line(Struct, frozen=True, kw_only=True):
    """A caption as it stands now."""

    caption: Caption
    final: bool
    gone: str = ""
    """The words that its last revision replaced."""
    changed: tuple[tuple[int, int], ...] = ()
    """Where their successors are: start and end in code points."""
    withdrawn: bool = False


class TopicLine(Struct, frozen=True, kw_only=True):
    """A topic as it stands now."""

    topic: Topic
    confirmed: bool = False
    withdrawn: bool = False
    ended: bool = False


class ShownCue(Struct, frozen=True, kw_only=True):
    """A cue and when a viewer has it on the screen, in media time."""

    cue: Cue
    from_s: float
    until_s: float


class Counts(Struct, frozen=True, kw_only=True):
    """How many so far."""

    captions: int = 0
    words: int = 0
    enriched: int = 0
    revised: int = 0
    withdrawn: int = 0
    cues: int = 0
    cues_within: int = 0
    """Cues that break no rule of their profile."""
    flags: dict[str, int] = {}
    rejected: dict[str, int] = {}


class Scene(Struct, frozen=True, kw_only=True):
    """What is to be shown."""

    profile: str
    """Whose cues are shown and counted."""
    captions: tuple[Line, ...] = ()
    """The newest, in the order in which they began."""
    topics: tuple[TopicLine, ...] = ()
    """All, in the order of their start."""
    cues: tuple[ShownCue, ...] = ()
    """The newest, in the order of the screen."""
    speakers: tuple[str, ...] = ()
    """In the order of appearance."""
    counts: Counts = Counts()
    streams_ended: frozenset[str] = frozenset()
    topics_ended: frozenset[str] = frozenset()
    """Streams of which agent ``topics`` has told its last figures."""

    def cue_at(self, media_s: float) -> Cue | None:
        """Return the cue that is on the screen."""
        shown = [one for one in self.cues if one.from_s <= media_s < one.until_s]
        return shown[-1].cue if shown and not shown[-1].cue.withdrawn else None

    def line(self, caption_id: str) -> Line | None:
        """Return a caption, if it is not too old."""
        return next(
            (line for line in self.captions if line.caption.caption_id == caption_id),
            None,
        )

    def topic(self, topic_id: str) -> TopicLine | None:
        """Return a topic."""
        return next(
            (line for line in self.topics if line.topic.topic_id == topic_id), None
        )


def fold(scene: Scene, message: Message, media_s: float) -> Scene:
    """Take in one event.

    Args:
        scene: Before it.
        message: Of any of the worker's Kafka topics.
        media_s: How far the recording has been sent.
    """
    after = scene
    match message:
        case EnrichedCaption():
            counts = replace(scene.counts, enriched=scene.counts.enriched + 1)
            after = replace(scene, counts=counts)
        case CaptionUpdated() | CaptionFinal() | CaptionRevised():
            after = _on_caption(scene, message)
        case CaptionWithdrawn():
            after = _on_withdrawn(scene, message)
        case Cue() if message.profile == scene.profile:
            after = _on_cue(scene, message, media_s)
        case Topic():
            after = _on_topic(scene, message)
        case StreamEnded():
            ended = scene.streams_ended | {message.stream_id}
            after = replace(scene, streams_ended=ended)
        case StreamMetrics(agent="topics", last=True):
            ended = scene.topics_ended | {message.stream_id}
            after = replace(scene, topics_ended=ended)
    return after


def fold_rejected(scene: Scene, reason: str) -> Scene:
    """Count a record that the worker could not use."""
    rejected = _plus(scene.counts.rejected, reason)
    return replace(scene, counts=replace(scene.counts, rejected=rejected))


def _on_caption(
    scene: Scene, caption: CaptionUpdated | CaptionFinal | CaptionRevised
) -> Scene:
    before = scene.line(caption.caption_id)
    counts = scene.counts
    gone = ""
    places: tuple[tuple[int, int], ...] = ()
    if isinstance(caption, CaptionRevised):
        counts = replace(counts, revised=counts.revised + 1)
        if before is not None:
            gone, places = changed(before.caption.text, caption.text)
    final = not isinstance(caption, CaptionUpdated) and (
        isinstance(caption, CaptionFinal) or caption.final
    )
    if final and (before is None or not before.final):
        flags = counts.flags
        for flag in caption.flags:
            flags = _plus(flags, flag.name)
        counts = replace(
            counts,
            captions=counts.captions + 1,
            words=counts.words + len(caption.text.split()),
            flags=flags,
        )
    line = Line(caption=caption, final=final, gone=gone, changed=places)
    captions = (*scene.captions, line) if before is None else _put(scene, line)
    who = speaker(caption)
    speakers = scene.speakers if who in scene.speakers else (*scene.speakers, who)
    return replace(
        scene, captions=captions[-KEPT_CAPTIONS:], speakers=speakers, counts=counts
    )


def _put(scene: Scene, line: Line) -> tuple[Line, ...]:
    return tuple(
        line if other.caption.caption_id == line.caption.caption_id else other
        for other in scene.captions
    )


def _on_withdrawn(scene: Scene, message: CaptionWithdrawn) -> Scene:
    before = scene.line(message.caption_id)
    counts = replace(scene.counts, withdrawn=scene.counts.withdrawn + 1)
    if before is None:
        return replace(scene, counts=counts)
    captions = _put(scene, replace(before, withdrawn=True))
    return replace(scene, captions=captions, counts=counts)


def _on_cue(scene: Scene, cue: Cue, media_s: float) -> Scene:
    """Put a cue behind those that still wait for the screen.

    Cues come in bunches, when speech has become certain; a player shows them one after
    another, each as long as it was spoken.
    """
    known = next((one for one in scene.cues if one.cue.cue_id == cue.cue_id), None)
    counts = scene.counts
    before = None if known is None else known.cue
    counts = replace(
        counts,
        cues=counts.cues + _there(cue) - _there(before),
        cues_within=counts.cues_within + _within(cue) - _within(before),
    )
    if known is None:
        cues = (*scene.cues, _queued(scene, cue, media_s))
    else:
        cues = tuple(
            replace(one, cue=cue) if one is known else one for one in scene.cues
        )
    return replace(scene, cues=cues[-KEPT_CUES:], counts=counts)


def _queued(scene: Scene, cue: Cue, media_s: float) -> ShownCue:
    from_s = max(media_s, scene.cues[-1].until_s) if scene.cues else media_s
    lasts_s = SHORTEST_CUE_S
    if cue.start_s is not None and cue.end_s is not None:
        lasts_s = max(lasts_s, cue.end_s - cue.start_s)
    return ShownCue(cue=cue, from_s=from_s, until_s=from_s + lasts_s)


def _there(cue: Cue | None) -> int:
    return int(cue is not None and not cue.withdrawn)


def _within(cue: Cue | None) -> int:
    return int(cue is not None and not cue.withdrawn and not cue.compliance)


def _on_topic(scene: Scene, topic: Topic) -> Scene:
    before = scene.topic(topic.topic_id) or TopicLine(topic=topic)
    line = TopicLine(
        topic=topic,
        confirmed=before.confirmed or isinstance(topic, TopicConfirmed),
        withdrawn=isinstance(topic, TopicWithdrawn),
        ended=before.ended or isinstance(topic, TopicEnded),
    )
    known = any(one.topic.topic_id == topic.topic_id for one in scene.topics)
    topics = tuple(
        line if one.topic.topic_id == topic.topic_id else one for one in scene.topics
    )
    return replace(scene, topics=topics if known else (*topics, line))


def _plus(counts: dict[str, int], name: str) -> dict[str, int]:
    return {**counts, name: counts.get(name, 0) + 1}
