"""The life of a topic: which event may follow which, and what each one says.

A topic starts provisional, is confirmed or withdrawn, and if confirmed ends. It may get
a name, or a better one, at any time between. Events not in the table cannot happen.
"""

from typing import Final

from msgspec.structs import replace

from schemas.topics import (
    Topic,
    TopicConfirmed,
    TopicEnded,
    TopicLabelled,
    TopicStarted,
    TopicWithdrawn,
)
from workers.core.topics.kept.open_topic import OpenTopic, Phase

NEXT: Final[dict[tuple[Phase, type[Topic]], Phase]] = {
    ("new", TopicStarted): "provisional",
    ("provisional", TopicLabelled): "provisional",
    ("provisional", TopicConfirmed): "confirmed",
    ("provisional", TopicWithdrawn): "withdrawn",
    ("confirmed", TopicLabelled): "confirmed",
    ("confirmed", TopicEnded): "ended",
}


def topic_id(life: str, number: int) -> str:
    """Return the name of a topic within all streams."""
    return f"{life}.t{number}"


def caption_id(life: str, number: int) -> str:
    """Return the name of a caption within all streams."""
    return f"{life}.c{number}"


def advance(
    topic: OpenTopic,
    kind: type[Topic],
    *,
    stream_id: str,
    life: str,
    end_s: float | None = None,
) -> tuple[OpenTopic, Topic]:
    """Let the next event of a topic happen.

    Raises:
        KeyError: This event cannot follow; a bug of ours, never of the input.
    """
    phase = NEXT[topic.phase, kind]
    back = topic.returns_to
    message = kind(
        stream_id=stream_id,
        topic_id=topic_id(life, topic.number),
        revision=topic.events,
        start_s=topic.start_s,
        first_caption_id=caption_id(life, topic.caption),
        end_s=end_s,
        score=topic.verdict.probability,
        log_odds=topic.verdict.score,
        model=topic.verdict.model,
        evidence=topic.verdict.evidence,
        latency_s=topic.verdict.latency_s,
        label=topic.names.label if topic.names else None,
        keyphrases=topic.names.keyphrases if topic.names else None,
        returns_to=None if back is None else topic_id(life, back),
    )
    return replace(topic, phase=phase, events=topic.events + 1), message
