"""Trace context (W3C) of a record, and of the span that its decision is. Pure.

What a span is called follows from where its record is, not from chance: a record that
is decided again, after a crash or by a test, has the same span, and what it causes the
same bytes.
"""

import re
from hashlib import sha256
from typing import Final, NamedTuple

from workers.delivery.records import Record

TRACEPARENT: Final = "traceparent"
SAMPLED: Final = 1

_PASSED_ON: Final = re.compile(rb"[0-9a-f-]{1,64}")
"""What may be in a ``traceparent`` that goes on to all that a record causes."""
_USED: Final = re.compile(
    rb"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})"
)
"""One that names a span: version, trace, span and flags."""
_RANDOM: Final = 2
"""The other flag that goes on: whether the trace's id was drawn at random."""
_WHOLE: Final = 1 << 64


class SpanContext(NamedTuple):
    """The span that a record's decision is; all ids are numbers, never 0."""

    trace_id: int
    """128 bits: the producer's, or one of our own where it has none."""
    span_id: int
    """64 bits."""
    parent_id: int | None
    """The producer's span; None at the beginning of a trace."""
    flags: int

    def traceparent(self) -> bytes:
        """Return what makes this span the parent of what is written."""
        return b"00-%032x-%016x-%02x" % (self.trace_id, self.span_id, self.flags)


def traceparent_of(record: Record) -> bytes | None:
    """Return the ``traceparent`` of a record, if it is one."""
    trace = next((value for name, value in record.headers if name == TRACEPARENT), None)
    return trace if trace is not None and _PASSED_ON.fullmatch(trace) else None


def span_of(agent: str, record: Record, ratio: float) -> SpanContext | None:
    """Return the span of a record's decision; None if it is not to be told.

    Whether it is told is the producer's decision, where there is one.

    Args:
        agent: Whose decision it is.
        record: As it was read.
        ratio: Of records without a trace, the share that begins one, 0 to 1.
    """
    found = _USED.fullmatch(traceparent_of(record) or b"")
    if found is not None:
        flags = int(found[3], 16) & (SAMPLED | _RANDOM)
        if not flags & SAMPLED:
            return None
        trace_id, parent_id = int(found[1], 16), int(found[2], 16)
        return SpanContext(trace_id, _ids(agent, record)[1], parent_id, flags)
    if not ratio:
        return None
    trace_id, span_id = _ids(agent, record)
    if trace_id % _WHOLE >= ratio * _WHOLE:
        return None
    return SpanContext(trace_id, span_id, None, SAMPLED)


def _ids(agent: str, record: Record) -> tuple[int, int]:
    """Return a trace and a span, by the record's place.

    Its time is in it since a Kafka topic may be deleted and begin at 0 again.
    """
    place = f"{agent} {record.topic} {record.partition} {record.offset}"
    digest = sha256(f"{place} {record.timestamp_ms}".encode()).digest()
    return int.from_bytes(digest[:16]) or 1, int.from_bytes(digest[16:24]) or 1
