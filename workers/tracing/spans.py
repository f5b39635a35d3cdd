"""A committed turn to spans: one a record, with its place and never what was said."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from workers.agents.trace_context import TRACEPARENT, SpanContext, span_of
from workers.delivery.decide import Decided, Work
from workers.delivery.records import Record
from workers.rejections import rejections
from workers.tracing.queue import SpanQueue


class Span(NamedTuple):
    """The decision about one record."""

    context: SpanContext
    topic: str
    partition: int
    offset: int
    started_ns: int
    """When Kafka had answered, since 1970."""
    ended_ns: int
    """When what was decided had been committed."""
    outputs: int
    """What it caused, in records; what silence brought about later is not in it."""
    rejected: str | None
    """The reason, if the record could not be used."""


class Tracing:
    """Tells the spans of one agent.

    Args:
        agent: Its name.
        ratio: Of records without a trace, the share that begins one.
        queue: Takes the spans to where they are sent.
    """

    def __init__(self, agent: str, ratio: float, queue: SpanQueue[Span]) -> None:
        self._agent = agent
        self._ratio = ratio
        self._queue = queue

    def tell(
        self,
        turn: Sequence[tuple[Work[Any], Decided[Any]]],
        skip: Callable[[Record], bool],
    ) -> None:
        """Tell the spans of a turn that is committed, but for records to skip.

        Never waits for anything.
        """
        ended_ns = time.time_ns()
        for work, decided in turn:
            records = [record for record in work.records if not skip(record)]
            for span in spans(
                self._agent, self._ratio, records, decided, work.wall_ms, ended_ns
            ):
                self._queue.put(span)

    def close(self) -> None:
        """Send what waits, if that is soon done."""
        self._queue.close()


def spans(
    agent: str,
    ratio: float,
    records: Iterable[Record],
    decided: Decided[Any],
    fetched_ms: int,
    ended_ns: int,
) -> Iterator[Span]:
    """Yield the spans of one partition's share of a turn, in the order of decision."""
    caused = Counter(
        value
        for _, output in decided.outputs
        for name, value in output.headers
        if name == TRACEPARENT
    )
    refused = {each.place: each.reason for each in rejections(decided)}
    for record in records:
        context = span_of(agent, record, ratio)
        if context is not None:
            place = f"{record.topic}-{record.partition}@{record.offset}"
            yield Span(
                context,
                record.topic,
                record.partition,
                record.offset,
                min(fetched_ms * 1_000_000, ended_ns),
                ended_ns,
                caused[context.traceparent()],
                refused.get(place),
            )
