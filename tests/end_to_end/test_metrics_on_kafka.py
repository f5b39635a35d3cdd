"""What a worker tells of itself, beside what is on Kafka."""

import asyncio
import json
import signal
import subprocess
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from schemas.captions import CaptionFinal
from schemas.codec import encode
from schemas.segment import CaptionSegment
from tests.end_to_end.stage import PARTITIONS, Stage, end_of, interleaved, talk
from tests.kafka_log import until
from tests.tools import tool
from workers.delivery.exits import Exit
from workers.delivery.position import POSITION_KEY

BEGAN = datetime(2026, 11, 24, 10, tzinfo=UTC)
STREAMS = [f"stream-{number}" for number in range(12)]
HOSTILE = [
    (b"hostile", b'{"stream_id":"hostile","text":"\\ud800","is_final":true}'),
    (b'"} 1\nevil{a="', b"{"),
    (b"\xff\xfe\x00", None),
    (None, b'"} 1'),
    (b"hostile", rb'{"stream_id":"hostile","text":"\"} 1","is_final":true}'),
]


@pytest.fixture
async def stage(kafka, tmp_path):
    prefix = f"told-{uuid.uuid4().hex[:8]}"
    stage = Stage(kafka.bootstrap, prefix, tmp_path, silence_s=60.0)
    await stage.create()
    yield stage
    stage.close()


def said():
    """Segments with the times to know their latency, and what cannot be used."""
    timed = [
        CaptionSegment(
            stream_id="timed",
            text=f"Sentence number {at} of it.",
            is_final=True,
            segment_id=f"t{at}",
            start_s=3.0 * at,
            end_s=3.0 * at + 2,
            stream_started_at=BEGAN,
            emitted_at=BEGAN + timedelta(seconds=3 * at + 3),
        )
        for at in range(30)
    ]
    segments = interleaved([*(talk(stream, 40) for stream in STREAMS), timed])
    ended = [end_of(stream) for stream in STREAMS[:6]]
    return [
        *((one.stream_id.encode(), encode(one)) for one in segments),
        *HOSTILE,
        *((one.stream_id.encode(), encode(one)) for one in ended),
    ]


def by(samples, name, label):
    return {
        json.loads(labels)[label]: value
        for (named, labels), value in samples.items()
        if named == name and value
    }


def _outcome(cue):
    if any(broken["because"] == "next_unknown" for broken in cue["compliance"]):
        return "open"
    return "withdrawn" if cue["withdrawn"] else "broke" if cue["compliance"] else "kept"


async def test_metrics_are_what_was_committed(stage):
    # Behind by a bound that nobody keeps: Kafka's last answer is older than that.
    worker = stage.start(CAPTION_READY_LAG_S="0.0001", CAPTION_FAUST_METRICS="true")
    await stage.send_raw(said())
    await stage.drained()

    async def counted():
        """Tell whether the last turn, committed already, is counted as well."""
        for agent, name in (("merge", "captions.v1"), ("topics", "enriched.v1")):
            written = await written_by(agent, name)
            told = by(await worker.metrics(agent), "captions_events_total", "type")
            if any(told.get(kind) != count for kind, count in written.items()):
                return False
        return True

    async def written_by(agent, *names):
        source = f"caption-worker/{agent}".encode()
        rows = [row for name in names for row in await stage.rows(name)]
        return Counter(
            dict(row.headers)["ce_type"].decode().removeprefix("captions.")
            for row in rows
            if dict(row.headers).get("ce_source") == source
        )

    await until(counted)
    samples = {agent: await worker.metrics(agent) for agent in ("merge", "topics")}
    exposition = (await worker.asked("merge", "/metrics"))[1]
    status, reasons = await worker.asked("topics", "/ready")
    assert status == 503
    assert "4 of 4 partitions are more than 0.0001 s behind" in reasons
    assert (await worker.asked("topics", "/live"))[0] == 200
    assert await worker.end(signal.SIGTERM) == Exit.OK
    merge, topics = samples["merge"], samples["topics"]
    outputs = {
        "merge": ("captions.v1", "cues.v1", "rejected.v1"),
        "topics": ("enriched.v1", "topics.v1"),
    }
    for agent, names in outputs.items():
        told = by(samples[agent], "captions_events_total", "type")
        told.pop("stream.metrics.v1", None)  # windows go on while we count
        assert told == await written_by(agent, *names)
    reasons = Counter(
        dict(row.headers)["rejected_reason"].decode()
        for row in await stage.rows("rejected.v1")
    )
    assert by(merge, "captions_rejected_total", "reason") == reasons
    assert sum(reasons.values()) == 4
    segments = len(await stage.rows("segments.v1"))
    assert sum(by(merge, "captions_records_total", "outcome").values()) == segments
    assert by(merge, "captions_segments_total", "outcome")["duplicate"] > 0
    finals = [
        json.loads(row.value)
        for row in await stage.rows("captions.v1")
        if json.loads(row.value)["type"] == CaptionFinal.__name__
    ]
    waited = [one["latency"]["recogniser_s"] for one in finals if one["latency"]]
    known = [one for one in waited if one is not None]
    assert len(known) == 30
    place = json.dumps({"stage": "recogniser"})
    assert merge["captions_stage_seconds_count", place] == len(known)
    assert merge["captions_stage_seconds_sum", place] == pytest.approx(sum(known))
    cues = Counter(
        _outcome(json.loads(row.value)) for row in await stage.rows("cues.v1")
    )
    assert by(merge, "captions_cues_total", "outcome") == cues
    for agent in ("merge", "topics"):
        states = {}
        for number, log in (await stage.read(f"{agent}.state.v1")).items():
            for row in log.values():
                if row.key != POSITION_KEY:
                    states[number, row.key] = row.value
        kept = [value for value in states.values() if value is not None]
        told = by(samples[agent], "captions_state_entries", "partition")
        assert sum(told.values()) == len(kept)
        assert not by(samples[agent], "captions_lag_records", "partition")
    assert topics["captions_ready", "{}"] == 0
    assert "faust_consumer_commit_latency_count " in exposition
    await asyncio.to_thread(check_names, exposition)


def check_names(exposition):
    """Let promtool look at the names, units and help of our own metrics."""
    own = [line for line in exposition.splitlines() if "captions_" in line]
    assert len(own) > 100
    lint = subprocess.run(
        [tool("promtool"), "check", "metrics"],
        input="".join(f"{line}\n" for line in own),
        capture_output=True,
        text=True,
        check=False,
    )
    assert lint.returncode == 0, lint.stdout + lint.stderr


def owned(samples):
    """Return the partitions of which there is any series."""
    return {
        int(json.loads(labels)["partition"])
        for _, labels in samples
        if "partition" in json.loads(labels)
    }


async def test_series_and_readiness_go_where_the_partitions_go(stage):
    first = stage.start("merge")
    told = []

    async def ready():
        told.append(await first.asked("merge", "/ready"))
        return told[-1][0] == 200

    async def owns_all():
        return len(owned(await first.metrics("merge"))) == PARTITIONS

    await until(ready)
    assert {status for status, _ in told[:-1]} <= {0, 503}
    assert await first.is_at_work()
    await until(owns_all)
    second = stage.start("merge")

    async def shared():
        parts = [owned(await each.metrics("merge")) for each in (first, second)]
        return all(parts) and not parts[0] & parts[1] and sum(map(len, parts)) == 4

    await until(shared)
    await until(second.is_ready)
    assert (await second.asked("merge", "/live"))[0] == 200
    segments = interleaved([talk(stream, 40) for stream in STREAMS])
    await stage.send(segments[:240])
    await stage.drained(["merge"])
    # One that is stopped and replaced ends by itself: then nobody answers.
    second.send(signal.SIGSTOP)
    await until(owns_all)
    await until(first.is_ready)
    await stage.send(segments[240:])
    second.send(signal.SIGCONT)
    assert await second.exit_code() == Exit.FENCED
    assert await second.asked("merge", "/ready") == (0, "")
    assert await first.is_ready()
    assert await first.end(signal.SIGTERM) == Exit.OK
