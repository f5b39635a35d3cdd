"""Spans to a collector: OTLP over HTTP, by OpenTelemetry's own exporter.

Needs the extra ``tracing``. Names of attributes are OpenTelemetry's for messaging, and
``captions.…`` where it has none. Headers, certificates and such are set by
OpenTelemetry's own variables (``OTEL_EXPORTER_OTLP_HEADERS``, …).
"""

import logging
from collections.abc import Sequence
from importlib.metadata import version
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.trace import (
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
)

from workers.tracing.spans import Span

_TIMEOUT_S: Final = 10.0
_OPERATION: Final = "process"


class Collector:
    """Sends the spans of one agent.

    Args:
        endpoint: Whole address, with its path.
        agent: Its name.
        group: Its consumer group.
        instance_id: Of this process, if it has a name.
    """

    def __init__(
        self, endpoint: str, agent: str, group: str, instance_id: str | None
    ) -> None:
        # It tells of each try; that a batch is lost is told once, as an error.
        logging.getLogger("opentelemetry.exporter").setLevel(logging.ERROR)
        self._exporter = OTLPSpanExporter(endpoint=endpoint, timeout=_TIMEOUT_S)
        self._agent = agent
        self._group = group
        self._resource = Resource.create(
            {
                "service.namespace": "caption-worker",
                "service.name": f"caption-worker-{agent}",
                "service.version": version("caption-worker"),
                **({"service.instance.id": instance_id} if instance_id else {}),
            }
        )

    def send(self, spans: Sequence[Span]) -> bool:
        """Send some; tell whether they were taken."""
        made = [self._readable(span) for span in spans]
        return self._exporter.export(made) is SpanExportResult.SUCCESS

    def close(self) -> None:
        """Give up what is being sent."""
        self._exporter.shutdown()  # type: ignore[no-untyped-call]  # it has no annotations

    def _readable(self, span: Span) -> ReadableSpan:
        trace_id, span_id, parent_id, flags = span.context
        told = TraceFlags(flags)
        own = SpanContext(trace_id, span_id, is_remote=False, trace_flags=told)
        parent = None
        if parent_id is not None:
            parent = SpanContext(trace_id, parent_id, is_remote=True, trace_flags=told)
        refused = span.rejected
        return ReadableSpan(
            name=f"{_OPERATION} {span.topic}",
            context=own,
            parent=parent,
            resource=self._resource,
            kind=SpanKind.CONSUMER,
            attributes={
                "messaging.system": "kafka",
                "messaging.operation.name": _OPERATION,
                "messaging.operation.type": "process",
                "messaging.destination.name": span.topic,
                "messaging.destination.partition.id": str(span.partition),
                "messaging.consumer.group.name": self._group,
                "messaging.kafka.offset": span.offset,
                "captions.agent": self._agent,
                "captions.outcome": "rejected" if refused else "decided",
                "captions.outputs": span.outputs,
                **({"error.type": refused} if refused else {}),
            },
            status=Status(StatusCode.ERROR if refused else StatusCode.UNSET),
            start_time=span.started_ns,
            end_time=span.ended_ns,
        )
