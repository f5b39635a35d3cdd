"""Which Kafka topics there are, and which of them each agent needs."""

from collections.abc import Iterable
from typing import NamedTuple

from schemas.kafka_topics import (
    ADAPT,
    AGENTS,
    ALL,
    CAPTIONS,
    CORRECTIONS,
    CUES,
    ENRICHED,
    METRICS,
    REJECTED,
    SEGMENTS,
    STATES,
    TOPICS,
    Agent,
    KafkaTopic,
    adapt_state,
    full_name,
    provider_topic,
)
from workers.delivery.kafka_topics import WantedTopic
from workers.settings import Settings

INPUTS: dict[Agent, tuple[KafkaTopic, ...]] = {
    "merge": (SEGMENTS, CORRECTIONS),
    "topics": (CAPTIONS,),
}
"""What each agent reads; of records of the same time those of the first go first."""


OUTPUTS: dict[Agent, tuple[KafkaTopic, ...]] = {
    "merge": (CAPTIONS, CUES, METRICS, REJECTED),
    "topics": (ENRICHED, TOPICS, METRICS, REJECTED),
}
"""What each agent writes, but for its state."""


class Needed(NamedTuple):
    """The Kafka topics of an agent."""

    inputs: tuple[KafkaTopic, ...]
    outputs: tuple[KafkaTopic, ...]
    state: KafkaTopic


def needed(agent: str) -> Needed:
    """Return the Kafka topics of an agent."""
    for name in AGENTS:
        if name == agent:
            return Needed(INPUTS[name], OUTPUTS[name], STATES[name])
    provider = agent.removeprefix(f"{ADAPT}-")
    return Needed(
        (provider_topic(provider),), (SEGMENTS, REJECTED), adapt_state(provider)
    )


def all_topics(settings: Settings) -> tuple[KafkaTopic, ...]:
    """Return all Kafka topics, with those of the providers that are set."""
    own = [(provider_topic(one), adapt_state(one)) for one in settings.providers]
    return (*ALL, *(topic for pair in own for topic in pair))


def topics_of(settings: Settings, agents: Iterable[str]) -> list[WantedTopic]:
    """Return the Kafka topics that these agents need, each once, as they have to be."""
    topics = dict.fromkeys(
        topic
        for inputs, outputs, state in map(needed, agents)
        for topic in (*inputs, *outputs, state)
    )
    return kafka_topics(settings, topics)


def kafka_topics(
    settings: Settings,
    topics: Iterable[KafkaTopic] | None = None,
    *,
    create: bool = False,
) -> list[WantedTopic]:
    """Return the Kafka topics as they have to be.

    Args:
        settings: Prefix, and how they are made.
        topics: Which; else all.
        create: With the number of partitions of new ones; else any number will do.
    """
    return [
        WantedTopic(
            name=full_name(settings.prefix, topic),
            partitions=settings.partitions if create else None,
            compacted=topic.compacted,
            retention_ms=None
            if topic.compacted
            else round(retention_days(settings, topic) * 86_400_000),
        )
        for topic in (all_topics(settings) if topics is None else topics)
    ]


def retention_days(settings: Settings, topic: KafkaTopic) -> float:
    """Return how long a Kafka topic of messages keeps them, at least."""
    return settings.topic_retention_days.get(topic.short_name, settings.retention_days)
