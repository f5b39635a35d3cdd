"""A collector of spans: what OpenTelemetry's exporter sends is decoded and kept."""

import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


class Told:
    """One span as it arrived."""

    def __init__(self, service, span):
        self.service = service
        self.name = span.name
        self.kind = span.kind
        self.trace_id = span.trace_id.hex()
        self.span_id = span.span_id.hex()
        self.parent_id = span.parent_span_id.hex()
        self.seconds = (span.end_time_unix_nano - span.start_time_unix_nano) / 1e9
        self.is_error = span.status.code == span.status.STATUS_CODE_ERROR
        self.attributes = values(span.attributes)

    @property
    def traceparent(self):
        return f"00-{self.trace_id}-{self.span_id}-01".encode()


def values(attributes):
    return {
        one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes
    }


class TestCollector:
    """Takes spans on a free port of the loopback; *open* holds its answers back."""

    __test__ = False

    def __init__(self):
        self.spans: list[Told] = []
        self.raw: list[bytes] = []
        self.open = Event()
        self.open.set()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.open.wait(30)
                collector.take(body)
                answer = ExportTraceServiceResponse().SerializeToString()
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}/v1/traces"

    def take(self, body):
        self.raw.append(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = values(resource.resource.attributes)["service.name"]
            for scope in resource.scope_spans:
                self.spans += [Told(service, span) for span in scope.spans]

    def wait_for(self, count, timeout_s=30):
        until = time.monotonic() + timeout_s
        while len(self.spans) < count and time.monotonic() < until:
            time.sleep(0.01)
        return self.spans


@contextmanager
def collecting():
    collector = TestCollector()
    thread = Thread(target=collector.server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield collector
    finally:
        collector.open.set()
        collector.server.shutdown()
        thread.join()
        collector.server.server_close()
