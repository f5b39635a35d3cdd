"""All streams that are seen, and which of them is shown."""

from msgspec import Struct
from msgspec.structs import replace

from schemas.captions import Caption, StreamEnded
from schemas.fields import Message
from schemas.metrics import StreamMetrics
from workers.cli.demo.scene import Scene, TopicLine, fold

KEPT_STREAMS = 200
KEPT_TOPICS = 50
STAYS_S = 10.0
"""A stream without news for so long gives its place to one that has some."""


class Seen(Struct, frozen=True, kw_only=True):
    """One stream as far as it was seen."""

    scene: Scene
    state: str | None = None
    """As its last figures told; None: not yet."""
    reason: str = ""
    ended: bool = False
    news_s: float = 0.0
    """When it last said something; by the monotonic clock."""

    @property
    def topic(self) -> TopicLine | None:
        """The topic that is spoken of now."""
        standing = [one for one in self.scene.topics if not one.withdrawn]
        return standing[-1] if standing else None


class Streams:
    """What is known of streams; the oldest are forgotten.

    Changed in place: thousands of events a second go through it.

    Args:
        only: The stream to show; None: whichever has news.
    """

    def __init__(self, only: str | None = None) -> None:
        self.only = only
        self.seen: dict[str, Seen] = {}
        self.shown: str | None = only
        self.lags: dict[str, int | None] = {}
        """Records behind, by agent; None: not known."""
        self.rejected = 0

    def take(self, message: Message, now_s: float) -> tuple[Seen, Seen]:
        """Take in one event; return its stream before and after it."""
        name = message.stream_id
        before = self.seen.pop(name, None) or Seen(scene=Scene(profile=""))
        scene = fold(before.scene, message, 0.0)
        after = replace(
            before, scene=replace(scene, topics=scene.topics[-KEPT_TOPICS:])
        )
        match message:
            case StreamMetrics(state=str(state), reason=reason):
                after = replace(after, state=state, reason=reason or "")
            case StreamEnded():
                after = replace(after, ended=True, news_s=now_s)
            case Caption():
                after = replace(after, ended=False, news_s=now_s)
        self.seen[name] = after  # last now: the first are those without news
        while len(self.seen) > KEPT_STREAMS:
            del self.seen[next(iter(self.seen))]
        self._choose(name, after, now_s)
        return before, after

    def forget(self, name: str) -> None:
        """Keep nothing of a stream; what is said of it later begins it anew."""
        self.seen.pop(name, None)
        if self.shown == name:
            self.shown = self.only or next(reversed(self.seen), None)

    def _choose(self, name: str, seen: Seen, now_s: float) -> None:
        if self.only is not None or seen.news_s != now_s:
            return
        shown = self.seen.get(self.shown) if self.shown is not None else None
        if shown is None or shown.ended or now_s - shown.news_s > STAYS_S:
            self.shown = name

    def by_state(self) -> dict[str, int]:
        """Count the streams that are alive, by state."""
        counts: dict[str, int] = {}
        for seen in self.seen.values():
            if not seen.ended:
                state = seen.state or "new"
                counts[state] = counts.get(state, 0) + 1
        return counts
