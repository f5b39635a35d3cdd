"""The Kafka topics: their names, what is on them and how long it is kept."""

from typing import Final, Literal

from msgspec import Struct

from schemas.captions import (
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
from schemas.segment import CaptionCorrection, CaptionSegment
from schemas.topics import (
    EnrichedCaption,
    TopicConfirmed,
    TopicEnded,
    TopicLabelled,
    TopicStarted,
    TopicWithdrawn,
)

Agent = Literal["merge", "topics"]
AGENTS: tuple[Agent, ...] = ("merge", "topics")
ADAPT: Final = "adapt"
"""The agent that reads a provider's own messages; one a provider."""


class KafkaTopic(Struct, frozen=True):
    """One Kafka topic, without the prefix."""

    name: str
    messages: tuple[type[Message], ...] = ()
    """What its values are; none where the values are not ours to say."""
    compacted: bool = False
    """Keeps the newest value of each key, for ever; else everything for a time."""

    @property
    def short_name(self) -> str:
        """The name without its version, such as ``segments``."""
        return self.name.removesuffix(".v1")


SEGMENTS = KafkaTopic("segments.v1", (CaptionSegment,))
CORRECTIONS = KafkaTopic("corrections.v1", (CaptionCorrection,))
CAPTIONS = KafkaTopic(
    "captions.v1",
    (CaptionUpdated, CaptionFinal, CaptionRevised, CaptionWithdrawn, StreamEnded),
)
CUES = KafkaTopic("cues.v1", (Cue,))
ENRICHED = KafkaTopic("enriched.v1", (EnrichedCaption,))
TOPICS = KafkaTopic(
    "topics.v1",
    (
        TopicStarted,
        TopicConfirmed,
        TopicWithdrawn,
        TopicLabelled,
        TopicEnded,
        PhraseSpotted,
    ),
)
METRICS = KafkaTopic("metrics.v1", (StreamMetrics,))
REJECTED = KafkaTopic("rejected.v1")
STATES = {agent: KafkaTopic(f"{agent}.state.v1", compacted=True) for agent in AGENTS}

ALL = (
    SEGMENTS,
    CORRECTIONS,
    CAPTIONS,
    CUES,
    ENRICHED,
    TOPICS,
    METRICS,
    REJECTED,
    *STATES.values(),
)

FROM_OTHERS = (SEGMENTS, CORRECTIONS)
"""What others write and we read. Each has one kind of message: it is known without
its ``type``."""


def adapt_agent(provider: str) -> str:
    """Return what a provider's agent is called, such as ``adapt-deepgram``."""
    return f"{ADAPT}-{provider}"


def provider_topic(provider: str) -> KafkaTopic:
    """Return the Kafka topic of a provider's own messages."""
    return KafkaTopic(f"provider.{provider}.v1")


def adapt_state(provider: str) -> KafkaTopic:
    """Return the Kafka topic of the state of a provider's agent."""
    return KafkaTopic(f"{adapt_agent(provider)}.state.v1", compacted=True)


def full_name(prefix: str, topic: KafkaTopic) -> str:
    """Return the name on the broker, such as ``captions.segments.v1``."""
    return f"{prefix}.{topic.name}"
