"""Replay: the pace and dates of a recording, and what is on Kafka afterwards."""

import asyncio
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from aiokafka.errors import KafkaTimeoutError
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.codec import SEGMENT, encode
from schemas.kafka_topics import CORRECTIONS, SEGMENTS, full_name
from schemas.segment import CaptionCorrection, CaptionSegment
from tests.kafka_log import read
from workers.adapters.timed import Timed
from workers.agents.trace_context import span_of
from workers.agents.writing import Writer
from workers.app import connection, prepare
from workers.cli import sending
from workers.cli.sending import Pace, Sender, dated, pace_of, play
from workers.delivery.records import Record
from workers.settings import Settings

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SRT = """1
00:00:01,000 --> 00:00:02,000
Good morning.

2
00:00:02,500 --> 00:00:04,000
The ferry is late.
"""


def at(at_s, **fields):
    values = {"stream_id": "s", "text": "hello", "is_final": True, "end_s": at_s}
    return Timed(at_s, CaptionSegment(**values | fields))


class FakeClock:
    """Time that passes only while somebody sleeps, or works."""

    def __init__(self):
        self.now_s = 1000.0

    def __call__(self):
        return self.now_s

    async def sleep(self, seconds):
        assert seconds > 0
        self.now_s += seconds


def sent_at(timed, speed, work_s=0.0):
    """Play, and return each segment's moment from the start on."""
    clock = FakeClock()
    began_s = clock()
    moments = []

    async def put(_):
        moments.append(clock() - began_s)
        clock.now_s += work_s

    asyncio.run(play(timed, pace_of(timed, speed), put, clock=clock, sleep=clock.sleep))
    return moments


TIMES = st.lists(st.integers(0, 10_000), min_size=1, max_size=30).map(sorted)


@given(TIMES, st.floats(0.1, 500))
def test_segments_are_as_far_apart_as_in_the_recording_divided_by_the_speed(
    times, speed
):
    moments = sent_at([at(float(one)) for one in times], speed)
    assert moments[0] == 0
    for (one, two), (early, late) in zip(
        pairwise(times), pairwise(moments), strict=True
    ):
        assert late - early == pytest.approx((two - one) / speed, abs=1e-6)


def test_speed_0_never_waits():
    assert sent_at([at(5.0), at(900.0), at(9000.0)], 0) == [0, 0, 0]


def test_a_recording_cut_out_of_a_longer_one_begins_at_once():
    assert sent_at([at(3600.0), at(3601.0)], 1) == [0, 1]


def test_who_fell_behind_catches_up_and_does_not_shift_the_rest():
    timed = [at(float(second)) for second in (0, 1, 2, 10)]
    assert sent_at(timed, 1, work_s=3) == [0, 3, 6, 10]


def test_a_segment_tells_when_it_was_really_sent():
    old = at(2.0, emitted_at=NOON - timedelta(days=300))
    now = NOON + timedelta(seconds=2)
    segment = dated(old, Pace(speed=10, first_s=0), now, NOON).segment
    assert segment.emitted_at == now


def test_at_speed_1_media_second_0_is_tied_to_the_wall():
    pace = Pace(speed=1, first_s=1.5)
    segment = dated(at(2.0), pace, NOON, NOON).segment
    assert segment.stream_started_at == NOON - timedelta(seconds=1.5)


@pytest.mark.parametrize("speed", [0, 0.5, 10])
def test_at_another_speed_nobody_is_told_when_the_stream_started(speed):
    old = at(2.0, stream_started_at=NOON)
    segment = dated(old, Pace(speed=speed, first_s=0), NOON, NOON).segment
    assert segment.stream_started_at is None


def test_after_a_reconnect_the_start_is_not_known_at_any_speed():
    segment = dated(at(2.0, epoch=1), Pace(speed=1, first_s=0), NOON, NOON).segment
    assert segment.stream_started_at is None


class FakeProducer:
    """Takes records; acknowledges them when told to."""

    def __init__(self, error=None):
        self.records = []
        self.error = error

    async def send(self, topic, value, *, key, headers):
        self.records.append((topic, key, value, dict(headers)))
        acknowledged = asyncio.get_running_loop().create_future()
        if self.error is None:
            acknowledged.set_result(None)
        else:
            acknowledged.set_exception(self.error)
        return acknowledged


async def test_each_segment_has_a_trace_parent_of_its_own_in_one_trace():
    producer = FakeProducer()
    sender = Sender(producer, "captions")
    traces = [await sender.put(at(float(number)).segment) for number in range(3)]
    assert len(set(traces)) == 3
    assert len({trace.split(b"-")[1] for trace in traces}) == 1
    assert all(
        re.fullmatch(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-01", trace) for trace in traces
    )
    assert [headers["traceparent"] for *_, headers in producer.records] == traces


async def test_a_segment_that_did_not_arrive_is_told_at_the_latest_at_the_end():
    sender = Sender(FakeProducer(error=ConnectionError("gone")), "captions")
    await sender.put(at(0.0).segment)
    with pytest.raises(ConnectionError):
        await sender.finish()


async def test_a_cancel_that_comes_together_with_the_acknowledgement_is_heard(
    monkeypatch,
):
    monkeypatch.setattr(sending, "UNACKNOWLEDGED", 1)
    acknowledged = asyncio.get_running_loop().create_future()

    class Slow(FakeProducer):
        async def send(self, *_, **__):
            return acknowledged

    sender = Sender(Slow(), "t")
    await sender.put(at(0.0).segment)
    waiting = asyncio.create_task(sender.put(at(1.0).segment))
    await asyncio.sleep(0)
    acknowledged.set_result(None)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


def caption_worker(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "workers", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_without_its_kafka_topic_a_replay_says_how_to_create_it(kafka, tmp_path):
    file = tmp_path / "talk.srt"
    file.write_text(SRT)
    done = caption_worker(
        "replay", str(file), "--broker", kafka.bootstrap, "--prefix", "nobody"
    )
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert "1 Kafka topic is missing (nobody.segments.v1)" in line
    assert f"topics --broker {kafka.bootstrap} --prefix nobody`" in line
    assert "Traceback" not in done.stderr


async def test_a_replay_puts_every_segment_and_the_end_on_the_streams_partition(
    kafka, tmp_path
):
    settings = Settings(broker=kafka.bootstrap, prefix="replayed", partitions=4)
    await prepare(settings)
    file = tmp_path / "talk.srt"
    file.write_text(SRT)
    done = await asyncio.to_thread(
        caption_worker,
        *("replay", str(file), "--speed", "0", "--stream-id", "ferry", "--json"),
        *("--broker", kafka.bootstrap, "--prefix", "replayed"),
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["segments"], told["streams"]) == (3, 1)
    topic = full_name("replayed", SEGMENTS)
    logs = await read(connection(settings), topic, 4)
    [log] = [log for log in logs.values() if log]
    segments = [SEGMENT.decode(row.key, row.value) for row in log.values()]
    assert [segment.text for segment in segments] == [
        "Good morning.",
        "The ferry is late.",
        "",
    ]
    assert {segment.stream_id for segment in segments} == {"ferry"}
    assert segments[-1].end_of_stream
    assert all(segment.emitted_at is not None for segment in segments)


async def test_a_replay_puts_corrections_on_their_own_kafka_topic(kafka, tmp_path):
    settings = Settings(broker=kafka.bootstrap, prefix="corrected", partitions=4)
    await prepare(settings)
    file = tmp_path / "talk.jsonl"
    correction = CaptionCorrection(
        stream_id="s",
        caption_id="0-0.c0",
        text="Good evening.",
        corrected_by="Ann",
        corrected_at=datetime(2026, 11, 24, tzinfo=UTC),
    )
    said = [at(0.0).segment, correction]
    file.write_bytes(b"\n".join(map(encode, said)))
    correction = replace(correction, stream_id="ferry")
    done = await asyncio.to_thread(
        caption_worker,
        *("replay", str(file), "--speed", "0", "--stream-id", "ferry"),
        *("--broker", kafka.bootstrap, "--prefix", "corrected"),
    )
    assert done.returncode == 0, done.stderr
    assert "1 correction of 1 stream sent to corrected.corrections.v1" in done.stdout
    logs = {
        topic.name: await read(connection(settings), full_name("corrected", topic), 4)
        for topic in (SEGMENTS, CORRECTIONS)
    }
    [corrections] = [log for log in logs[CORRECTIONS.name].values() if log]
    assert [row.value for row in corrections.values()] == [encode(correction)]
    # One stream is in one partition number, whatever it is that is sent.
    numbers = [{n for n, log in each.items() if log} for each in logs.values()]
    assert numbers[0] == numbers[1]


def test_a_file_that_cannot_be_read_is_said_in_one_line(tmp_path):
    done = caption_worker("replay", str(tmp_path / "none.srt"))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "none.srt" in done.stderr


async def test_a_broker_that_went_silent_is_told_at_the_next_segment():
    class Silent(FakeProducer):
        async def send(self, *_, **__):
            return asyncio.get_running_loop().create_future()

    clock = FakeClock()
    sender = Sender(Silent(), "captions", clock)
    await sender.put(at(0.0).segment)
    await clock.sleep(sending.PATIENCE_S)
    await sender.put(at(1.0).segment)
    await clock.sleep(0.1)
    with pytest.raises(KafkaTimeoutError):
        await sender.put(at(2.0).segment)


@pytest.mark.parametrize("error", [asyncio.CancelledError, ConnectionError, None])
async def test_a_client_that_cannot_be_closed_is_let_go(monkeypatch, error):
    monkeypatch.setattr(sending, "LET_GO_S", 0.01)

    async def stop():
        if error is not None:
            raise error
        await asyncio.Event().wait()

    assert await sending.let_go(stop()) is None


async def test_what_is_sent_unsampled_has_no_span_and_comes_back_as_it_was_sent():
    found = []
    for sampled in (True, False):
        sender = Sender(FakeProducer(), "captions", sampled=sampled)
        sent = await sender.put(at(0.0).segment)
        headers = (("traceparent", sent),)
        read = Record("captions.segments.v1", 0, 0, 0, b"s", b"{}", headers)
        passed_on = Writer("merge", "captions", 1.0).trace_of(read)
        found.append((span_of("merge", read, 1.0) is None, passed_on == sent))
    assert found == [(False, False), (True, True)]
