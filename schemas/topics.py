"""What is spoken of: topics as they start, are confirmed, named and end."""

from msgspec import Struct

from schemas.captions import Caption, Latency
from schemas.fields import Count, Id, MediaSeconds, Message, Share


class Evidence(Struct, frozen=True, kw_only=True):
    """One reason for a decision, in words, with its weight in log-odds."""

    name: str
    detail: str = ""
    weight: float


class Topic(Message, frozen=True, kw_only=True):
    """One topic of a stream at one of its revisions."""

    topic_id: Id
    revision: Count
    """0 at first, then one more in every event about this topic."""
    start_s: MediaSeconds | None
    first_caption_id: Id
    """A client groups captions anew from here."""
    end_s: MediaSeconds | None = None
    score: Share
    """Probability that the topic changes within three sentences of this place."""
    model: str
    evidence: tuple[Evidence, ...] = ()
    latency_s: float | None = None
    """Media seconds from the first word of the topic to this decision."""
    label: str | None = None
    keyphrases: tuple[str, ...] | None = None
    log_odds: float | None = None
    """What the weights of the evidence and the model's bias add up to."""
    returns_to: Id | None = None
    """The earlier topic that this one takes up again."""


class TopicStarted(Topic, frozen=True, kw_only=True, tag=True):
    """The talk seems to turn; to be confirmed or withdrawn."""


class TopicConfirmed(Topic, frozen=True, kw_only=True, tag=True):
    """The turn stood."""


class TopicWithdrawn(Topic, frozen=True, kw_only=True, tag=True):
    """The turn did not stand: its captions belong to the topic before."""


class TopicLabelled(Topic, frozen=True, kw_only=True, tag=True):
    """The topic has a (better) name."""


class TopicEnded(Topic, frozen=True, kw_only=True, tag=True):
    """The next topic was confirmed, or the stream ended."""


class EnrichedCaption(Caption, frozen=True, kw_only=True, tag=True):
    """A final caption with its topic as known then; ``captions.enriched.v1``."""

    topic_id: Id | None
    topic_label: str | None
    keyphrases: tuple[str, ...]
    latency: Latency


TopicEvent = TopicStarted | TopicConfirmed | TopicWithdrawn | TopicLabelled | TopicEnded
"""The values of the Kafka topic ``captions.topics.v1``."""
