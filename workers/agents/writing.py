"""Messages to Kafka outputs: which Kafka topic, which headers."""

from hashlib import sha256

import msgspec

from schemas.codec import encode
from schemas.events import headers
from schemas.fields import Message
from schemas.kafka_topics import ALL, REJECTED, full_name
from schemas.rejected import rejected_headers
from workers.agents.trace_context import span_of, traceparent_of
from workers.delivery.records import Headers, Output, ReadHeaders, Record
from workers.delivery.unreadable import MARK, bytes_of

LARGEST_REJECTED = 800_000
"""Bytes of a record that fits beside the headers which say why it is rejected."""
KEPT_OF_LARGE = 1024
LARGEST_HEADERS = 50_000
"""Bytes of a rejected record's own headers, as they are kept."""

_TOPIC_OF = {kind: topic for topic in ALL for kind in topic.messages}


class Writer:
    """Writes the messages of one agent.

    Args:
        agent: Its name.
        prefix: Of all Kafka topics.
        trace_ratio: Of records without a trace, the share that begins one; None if no
            spans are told, and a record's own ``traceparent`` goes on as it is.
    """

    def __init__(
        self, agent: str, prefix: str, trace_ratio: float | None = None
    ) -> None:
        self.agent = agent
        self._trace_ratio = trace_ratio
        self.source = f"caption-worker/{agent}"
        self._names = {
            kind: full_name(prefix, topic) for kind, topic in _TOPIC_OF.items()
        }
        self._rejected = full_name(prefix, REJECTED)

    def output(
        self,
        message: Message,
        now_ms: int,
        traceparent: bytes | None = None,
        name: str | None = None,
    ) -> Output:
        """Write one message; its key is the stream, *name* is a segment's."""
        return Output(
            self._names[type(message)],
            message.stream_id.encode(),
            encode(message),
            headers(
                message,
                source=self.source,
                time_ms=now_ms,
                traceparent=traceparent,
                name=name,
            ),
        )

    def trace_of(self, record: Record) -> bytes | None:
        """Return the ``traceparent`` of all that a record causes."""
        if self._trace_ratio is not None:
            span = span_of(self.agent, record, self._trace_ratio)
            if span is not None:
                return span.traceparent()
        return traceparent_of(record)

    def rejected(self, record: Record, reason: str, error: str, now_ms: int) -> Output:
        """Write a record as it came, with the reason in its headers.

        Of one that would not fit, the first KiB of key and value are kept, and the
        SHA-256 of each. Its own headers are in one header of ours, as JSON: a list of
        name and value, each in Base64, since they may be any bytes.
        """
        marks = rejected_headers(
            reason=reason,
            agent=self.agent,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            error=error,
            time_ms=now_ms,
        )
        key, value = record.key, record.value
        if len(key or b"") + len(value or b"") > LARGEST_REJECTED:
            marks += (
                ("rejected_key_sha256", sha256(key or b"").hexdigest().encode()),
                ("rejected_value_sha256", sha256(value or b"").hexdigest().encode()),
            )
            key = None if key is None else key[:KEPT_OF_LARGE]
            value = None if value is None else value[:KEPT_OF_LARGE]
        return Output(self._rejected, key, value, marks + _kept(record.headers))


def _kept(headers: ReadHeaders) -> Headers:
    """Return what is kept of a rejected record's own headers."""
    if not headers or headers[0][0] == MARK:
        return ()
    kept = msgspec.json.encode(
        [
            (bytes_of(name), value)  # msgspec writes bytes in Base64
            for name, value in headers
        ]
    )
    if len(kept) > LARGEST_HEADERS:
        return (("rejected_headers_sha256", sha256(kept).hexdigest().encode()),)
    return (("rejected_headers", kept),)


def header(record: Record, name: str) -> bytes | None:
    """Return the first header of that name."""
    return next((value for key, value in record.headers if key == name), None)
