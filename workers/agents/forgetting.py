"""A stream that has to be forgotten: asked for by a record, told by tombstones.

The record has the stream as its key, no value, and the header ``forget: true``; without
that header a record without a value is a mistake of its sender's, and is rejected. Each
agent that reads it ends the stream's state in the same transaction and writes to each
of its outputs a record with the key and no value, for whoever keeps what was said.
"""

from collections.abc import Iterable
from typing import Final

from schemas.events import FORGOTTEN, rfc3339
from workers.agents.writing import Writer, header
from workers.delivery.records import Output, Record

FORGET_HEADER: Final = "forget"
NOTE: Final = "forgotten"


def asks_to_forget(record: Record) -> bool:
    """Tell whether a record is such a request, or what an agent before made of it."""
    return (
        record.key is not None
        and record.value is None
        and header(record, FORGET_HEADER) == b"true"
    )


def tombstones(
    writer: Writer, record: Record, topics: Iterable[str], now_ms: int
) -> tuple[Output, ...]:
    """Return what tells the readers of these Kafka topics; its place names it."""
    trace = writer.trace_of(record)
    headers = (
        ("ce_specversion", b"1.0"),
        ("ce_type", FORGOTTEN.encode()),
        ("ce_id", f"{record.partition}-{record.offset}.forgotten".encode()),
        ("ce_time", rfc3339(now_ms).encode()),
        ("ce_source", writer.source.encode()),
        (FORGET_HEADER, b"true"),
        *((("traceparent", trace),) if trace else ()),
    )
    return tuple(Output(topic, record.key, None, headers) for topic in topics)
