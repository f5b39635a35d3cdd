"""Spans of both agents, beside what is on Kafka."""

import asyncio
import signal
import uuid

import pytest

from schemas.codec import encode
from schemas.kafka_topics import AGENTS
from tests.end_to_end.stage import Stage, end_of, talk
from tests.tracing.collector import collecting
from workers.broker.ports import free_ports
from workers.delivery.exits import Exit

UPDATED = b"captions.caption.updated.v1"
TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def stage_to(kafka, tmp_path):
    stages = []

    async def make(endpoint):
        prefix = f"spans-{uuid.uuid4().hex[:8]}"
        stage = Stage(
            kafka.bootstrap, prefix, tmp_path, silence_s=60.0, trace_endpoint=endpoint
        )
        stages.append(stage)
        await stage.create()
        return stage

    yield make
    for stage in stages:
        stage.close()


def rows():
    """Return a talk whose segments have spans of their producer's, numbered from 1."""
    return [
        (
            one.stream_id.encode(),
            encode(one),
            ("traceparent", f"00-{TRACE}-{number:016x}-01".encode()),
        )
        for number, one in enumerate([*talk("spoken", 24), end_of("spoken")], 1)
    ]


async def test_a_producers_trace_goes_through_both_agents(stage_to):
    with collecting() as collector:
        stage = await stage_to(collector.endpoint)
        worker = stage.start(CAPTION_TRACE_ENDPOINT=collector.endpoint)
        await stage.send_raw(rows())
        await stage.drained()
        read = [dict(row.headers)["ce_type"] for row in await stage.rows("captions.v1")]
        decided = len(rows()) + len(read) - read.count(UPDATED)
        await asyncio.to_thread(collector.wait_for, decided)
        assert await worker.end(signal.SIGTERM) == Exit.OK
        assert len(collector.spans) == decided
    assert await stage.faults() == []
    spans = {agent: {} for agent in AGENTS}
    for span in collector.spans:
        assert span.trace_id == TRACE
        spans[span.attributes["captions.agent"]][span.span_id] = span
    merge, topics = spans["merge"], spans["topics"]
    parents = sorted(int(span.parent_id, 16) for span in merge.values())
    assert parents == list(range(1, len(rows()) + 1))
    assert topics
    assert {span.parent_id for span in topics.values()} <= set(merge)
    for name, caused_by in (("captions.v1", merge), ("enriched.v1", topics)):
        written = await stage.rows(name)
        under = {dict(row.headers)["traceparent"] for row in written}
        assert under <= {span.traceparent for span in caused_by.values()}
        assert under
    told = sum(span.attributes["captions.outputs"] for span in merge.values())
    committed = [
        row
        for name in ("captions.v1", "cues.v1", "metrics.v1")
        for row in await stage.rows(name)
        if dict(row.headers).get("ce_source") == b"caption-worker/merge"
        and "traceparent" in dict(row.headers)
    ]
    assert told == len(committed)


async def test_a_collector_that_is_not_there_costs_no_caption_and_no_process(stage_to):
    endpoint = f"http://127.0.0.1:{next(free_ports())}/v1/traces"
    stage = await stage_to(endpoint)
    worker = stage.start(CAPTION_TRACE_ENDPOINT=endpoint)
    await stage.send_raw(rows()[:12])
    await stage.drained()
    lost = ("captions_spans_total", '{"outcome": "failed"}')
    for _ in range(300):
        found = await worker.metrics("merge")
        if found.get(lost) == 12:
            break
        await asyncio.sleep(0.1)
    assert found.get(lost) == 12
    await stage.send_raw(rows()[12:])
    await stage.drained()
    assert await worker.end(signal.SIGTERM) == Exit.OK
    assert await stage.faults() == []
    log = worker.log.read_text()
    assert "Failed to export spans batch" in log
    assert "sentence number" not in log
