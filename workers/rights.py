"""What each user of Kafka has to be allowed, and no more.

Read and Write on a Kafka topic hold the right to see it; Write on a transactional id
that to begin its transactions, and with it to write idempotently. Creating Kafka topics
is a right of whoever runs ``caption-worker topics``, of no agent.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from schemas.kafka_topics import (
    CAPTIONS,
    CORRECTIONS,
    CUES,
    ENRICHED,
    METRICS,
    REJECTED,
    SEGMENTS,
    TOPICS,
    KafkaTopic,
    full_name,
    provider_topic,
)
from workers.app import all_topics, needed
from workers.settings import Settings

Kind = Literal["topic", "group", "transactional-id"]
Pattern = Literal["literal", "prefixed"]
Operation = Literal["Read", "Write", "Create", "Describe", "DescribeConfigs"]

BACKEND = "backend"
"""Sends segments, corrections and recognisers' messages; also ``replay``."""
READER = "reader"
"""Shows what is made of them: ``view`` and ``watch``, which also looks how far behind
the agents are. Groups of its own begin with the prefix and ``-reader``."""
OPERATOR = "operator"
"""Runs ``caption-worker topics``."""

FORGETTER = "forgetter"
"""Runs ``caption-worker forget``."""


class Right(NamedTuple):
    """Operations that one user may do to one thing, or to all whose names begin so."""

    kind: Kind
    name: str
    operations: tuple[Operation, ...]
    pattern: Pattern = "literal"

    def command(self, principal: str) -> str:
        """Return the line that grants it, for Kafka's own tool."""
        operations = " ".join(f"--operation {each}" for each in self.operations)
        prefixed = (
            " --resource-pattern-type prefixed" if self.pattern != "literal" else ""
        )
        return (
            f"kafka-acls --bootstrap-server HOST:PORT --add --allow-principal "
            f"{principal} {operations} --{self.kind} {self.name}{prefixed}"
        )


def rights_of_agent(settings: Settings, agent: str) -> tuple[Right, ...]:
    """Return what an agent needs; ``DescribeConfigs`` to check its Kafka topics."""
    inputs, outputs, state = needed(agent)
    group = f"{settings.prefix}-{agent}"
    return (
        *_topics(settings, inputs, "Read", "DescribeConfigs"),
        *_topics(settings, outputs, "Write", "DescribeConfigs"),
        *_topics(settings, (state,), "Read", "Write", "DescribeConfigs"),
        Right("group", group, ("Read",)),
        # One a partition: its number follows.
        Right("transactional-id", f"{group}-", ("Write",), "prefixed"),
    )


def rights_of_others(settings: Settings) -> dict[str, tuple[Right, ...]]:
    """Return what those around the worker need, by what they are."""
    providers = tuple(map(provider_topic, settings.providers))
    inputs = (SEGMENTS, CORRECTIONS, *providers)
    shown = (CAPTIONS, CUES, ENRICHED, TOPICS, METRICS, REJECTED)
    return {
        BACKEND: _topics(settings, inputs, "Write", "DescribeConfigs"),
        READER: (
            *_topics(settings, shown, "Read", "DescribeConfigs"),
            *_topics(settings, inputs, "Describe"),
            Right("group", f"{settings.prefix}-", ("Describe",), "prefixed"),
            Right("group", f"{settings.prefix}-reader", ("Read",), "prefixed"),
        ),
        OPERATOR: _topics(
            settings, all_topics(settings), "Create", "Describe", "DescribeConfigs"
        ),
        FORGETTER: (
            *_topics(settings, (SEGMENTS, *providers), "Write"),
            *_topics(settings, (ENRICHED,), "Read"),
            *_topics(settings, all_topics(settings), "Describe", "DescribeConfigs"),
        ),
    }


def _topics(
    settings: Settings, topics: Iterable[KafkaTopic], *operations: Operation
) -> tuple[Right, ...]:
    return tuple(
        Right("topic", full_name(settings.prefix, topic), operations)
        for topic in topics
    )
