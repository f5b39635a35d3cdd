"""Both agents without Kafka: the same decisions, on a recording, one after another."""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from schemas.codec import encode
from schemas.segment import CaptionCorrection, CaptionSegment
from workers.agents.merge import MergeRules
from workers.agents.topics import TopicRules
from workers.delivery.decide import Work, decide
from workers.delivery.records import Output, Record, TimedOutput
from workers.delivery.rules import Rules
from workers.delivery.store import Store

S = TypeVar("S")

NEVER_MS = 2**62
"""No wall stands in the way of a recording's own time."""


class OfflineAgent(Generic[S]):
    """One agent over one partition of its inputs, with its state in memory only.

    Args:
        rules: What the agent decides.
    """

    def __init__(self, rules: Rules[S]) -> None:
        self._rules = rules
        self._store: Store[S] = Store(rules.deadline_ms)
        self._clock_ms = 0
        self._offsets: dict[str, int] = {}
        self.changed: dict[bytes, S | None] = {}
        """The states that the last record changed; None where one ended."""

    def take(self, output: Output, timestamp_ms: int) -> tuple[TimedOutput, ...]:
        """Decide about one record, after what its time makes due."""
        topic = output.topic
        offset = self._offsets.get(topic, 0)
        record = Record(
            topic, 0, offset, timestamp_ms, output.key, output.value, output.headers
        )
        self._offsets[topic] = offset + 1
        decided = decide(
            self._rules,
            Work(
                partition=0,
                store=self._store,
                records=[record],
                clock_ms=self._clock_ms,
                wall_ms=NEVER_MS,
                caught_up=False,
            ),
        )
        self._store.apply(decided.changes)
        self._clock_ms = decided.clock_ms
        self.changed = decided.changes
        return decided.outputs


def process(
    segments: Iterable[tuple[int, CaptionSegment | CaptionCorrection]],
    merge: MergeRules,
    topics: TopicRules,
    heard: Callable[[], None] = lambda: None,
) -> Iterator[TimedOutput]:
    """Decide about a recording as the two agents would.

    Args:
        segments: When each was sent, milliseconds since 1970, not decreasing; a
            person's corrections may be among them.
        merge: The rules of agent ``merge``.
        topics: The rules of agent ``topics``.
        heard: Called after each segment, for a progress bar.

    Yields:
        What would be written to Kafka, in the order of decision, with its time.
    """
    merging = OfflineAgent(merge)
    naming = OfflineAgent(topics)
    for sent_ms, segment in segments:
        corrects = isinstance(segment, CaptionCorrection)
        topic = merge.corrections if corrects else merge.input
        said = Output(topic, segment.stream_id.encode(), encode(segment))
        for time_ms, output in merging.take(said, sent_ms):
            yield TimedOutput(time_ms, output)
            if output.topic == topics.input:
                yield from naming.take(output, time_ms)
        heard()
