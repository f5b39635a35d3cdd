"""Spans of turns, by OpenTelemetry's own exporter, to a collector on the loopback."""

import time

import pytest

from schemas.codec import encode
from schemas.segment import CaptionSegment
from tests.tracing.collector import collecting
from workers import metrics
from workers.agents.merge import MergeRules
from workers.broker.ports import free_ports
from workers.core.lives import CaptionRules
from workers.delivery.decide import Work, decide
from workers.delivery.records import Record
from workers.delivery.store import Store
from workers.tracing.otlp import Collector
from workers.tracing.queue import BATCH, SpanQueue
from workers.tracing.spans import Tracing

NOW_MS = 1_790_000_000_000
TOPIC = "captions.segments.v1"
RULES = MergeRules(CaptionRules(), "captions", 1.0)
SECRET = "Nobody is to read this"


@pytest.fixture
def patient(monkeypatch):
    """A busy machine is no reason to lose what waits at the end."""
    monkeypatch.setattr("workers.tracing.queue.CLOSE_S", 60)


def turn(count=3, *, broken=False):
    records = []
    for offset in range(count):
        said = CaptionSegment(
            stream_id=f"{SECRET}-{offset}", text=f"{SECRET}.", is_final=True
        )
        bad = broken and offset == count - 1
        value = SECRET.encode() if bad else encode(said)
        key = said.stream_id.encode()
        records.append(Record(TOPIC, 5, offset, NOW_MS, key, value))
    work = Work(5, Store(RULES.deadline_ms), records, 0, NOW_MS, caught_up=False)
    return [(work, decide(RULES, work))]


def tracing_to(endpoint, **more):
    collector = Collector(endpoint, "merge", "captions-merge", "worker-0")
    return Tracing("merge", 1.0, SpanQueue(collector, **more))


def counted(outcome):
    return metrics.SPANS.labels(outcome)._value.get()


def test_a_span_has_the_place_of_its_record_and_what_became_of_it():
    work, decided = turn(broken=True)[0]
    with collecting() as collector:
        tracing = tracing_to(collector.endpoint)
        tracing.tell([(work, decided)], RULES.skip)
        spans = collector.wait_for(3)
        tracing.close()
    assert [one.attributes["messaging.kafka.offset"] for one in spans] == [0, 1, 2]
    first, _, last = spans
    assert (first.service, first.name) == (
        "caption-worker-merge",
        f"process {TOPIC}",
    )
    caused = [
        output
        for _, output in decided.outputs
        if dict(output.headers).get("traceparent") == first.traceparent
    ]
    assert first.attributes == {
        "messaging.system": "kafka",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": TOPIC,
        "messaging.destination.partition.id": "5",
        "messaging.consumer.group.name": "captions-merge",
        "messaging.kafka.offset": 0,
        "captions.agent": "merge",
        "captions.outcome": "decided",
        "captions.outputs": len(caused),
    }
    assert caused
    assert first.seconds >= 0
    assert not first.is_error
    assert last.is_error
    assert last.attributes["error.type"] == "not_json"
    assert last.attributes["captions.outcome"] == "rejected"
    assert last.attributes["captions.outputs"] == 0


def test_no_span_has_what_was_said_or_of_which_stream():
    with collecting() as collector:
        tracing = tracing_to(collector.endpoint)
        tracing.tell(turn(broken=True), RULES.skip)
        collector.wait_for(3)
        tracing.close()
        assert collector.raw
        assert not any(SECRET.encode() in body for body in collector.raw)


@pytest.mark.usefixtures("patient")
def test_a_record_that_is_skipped_has_no_span():
    with collecting() as collector:
        tracing = tracing_to(collector.endpoint)
        tracing.tell(turn(), lambda record: record.offset != 1)
        tracing.close()
        assert len(collector.spans) == 1


@pytest.mark.usefixtures("patient")
def test_what_waits_at_the_end_is_sent():
    before = counted("exported")
    with collecting() as collector:
        tracing = tracing_to(collector.endpoint)
        tracing.tell(turn(BATCH * 2 + 1), RULES.skip)
        tracing.close()
        assert len(collector.spans) == BATCH * 2 + 1
    assert counted("exported") - before == BATCH * 2 + 1


@pytest.mark.usefixtures("patient")
def test_a_slow_collector_costs_spans_that_are_counted_and_no_time():
    told = turn(BATCH + 40)
    dropped, exported = counted("dropped"), counted("exported")
    with collecting() as collector:
        collector.open.clear()
        tracing = tracing_to(collector.endpoint, waiting=20)
        tracing.tell(told, RULES.skip)
        tracing.tell(told, RULES.skip)
        assert not collector.spans  # not one is answered, and here we are
        collector.open.set()
        tracing.close()
        lost = counted("dropped") - dropped
        assert lost > 0
        assert counted("exported") - exported == len(collector.spans)
        assert len(collector.spans) + lost == 2 * (BATCH + 40)


def test_a_dead_collector_is_given_up_at_the_end():
    failed = counted("failed")
    tracing = tracing_to(f"http://127.0.0.1:{next(free_ports())}/v1/traces")
    tracing.tell(turn(), RULES.skip)
    time.sleep(1)  # until it is tried again and again
    tracing.close()
    tracing._queue._thread.join(30)
    assert not tracing._queue._thread.is_alive()
    assert counted("failed") - failed == 3
