"""The whole worker as processes on a real Kafka, ended in every way.

Each run is decided a second time from the log, by the pure rules, and compared record
by record with what readers of committed records see.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import uuid
from collections import Counter
from pathlib import Path

import pytest

from schemas.codec import encode
from schemas.kafka_topics import SEGMENTS
from tests.end_to_end.stage import Stage, end_of, interleaved, talk
from tests.kafka_log import until
from workers.agents.packing import readable
from workers.delivery.exits import Exit

INTERVIEW = Path(__file__).parents[1] / "data" / "whisper" / "interview.txt"
STREAMS = [f"stream-{number}" for number in range(20)]


@pytest.fixture
async def stage(kafka, tmp_path):
    # Long enough that a worker may die and come back before silence closes anything.
    prefix = f"e2e-{uuid.uuid4().hex[:8]}"
    stage = Stage(kafka.bootstrap, prefix, tmp_path, silence_s=60.0)
    await stage.create()
    yield stage
    stage.close()


def thousand():
    """Return 1,000 segments in 20 streams, each stream with its end."""
    return interleaved([[*talk(stream, 49), end_of(stream)] for stream in STREAMS])


async def final_texts(stage):
    """Return the final captions of each stream, in order."""
    texts = {}
    for row in await stage.rows("captions.v1"):
        value = json.loads(row.value)
        if value["type"] == "CaptionFinal":
            texts.setdefault(value["stream_id"], []).append(value["text"])
    return texts


def spoken(stream):
    """Return the sentences of a stream, each once, and what never got its final."""
    said = talk(stream, 49)
    finals = [segment.text for segment in said if segment.is_final]
    return [*dict.fromkeys(finals), said[-1].text]


async def test_a_thousand_segments_in_twenty_streams_give_each_sentence_once(stage):
    worker = stage.start()
    await stage.send(thousand())
    await stage.drained()
    assert await worker.end(signal.SIGTERM) == Exit.OK
    assert await stage.faults() == []
    assert await final_texts(stage) == {stream: spoken(stream) for stream in STREAMS}
    kinds = Counter(
        json.loads(row.value)["type"] for row in await stage.rows("topics.v1")
    )
    assert kinds["TopicStarted"] == kinds["TopicEnded"] == len(STREAMS)
    assert not await stage.rows("rejected.v1")


async def test_ended_streams_leave_gravestones_in_merge_and_nothing_in_topics(stage):
    worker = stage.start()
    await stage.send(thousand())
    await stage.drained()
    assert await worker.end(signal.SIGTERM) == Exit.OK
    last = {row.key: row.value for row in await stage.rows("merge.state.v1")}
    stones = [last[stream.encode()] for stream in STREAMS]
    assert all(json.loads(readable(stone))[0] == "gone" for stone in stones)
    assert all(len(stone) <= 200 for stone in stones)
    last = {row.key: row.value for row in await stage.rows("topics.state.v1")}
    assert all(last.get(stream.encode()) is None for stream in STREAMS)


async def test_the_group_offset_follows_the_position(stage):
    worker = stage.start("merge")
    await stage.send(talk("alone", 60))
    await stage.drained(["merge"])
    assert await worker.end(signal.SIGTERM) == Exit.OK
    ends = {
        number: max(log) + 1
        for number, log in (await stage.read("segments.v1")).items()
        if log
    }
    offsets = await stage.group_offsets("merge", SEGMENTS)
    assert {number: offsets[number] for number in ends} == ends


async def test_agents_killed_in_the_middle_lose_and_double_nothing(stage):
    agents = {name: stage.start(name) for name in ("merge", "topics")}
    segments = thousand()
    for part in range(4):
        await stage.send(segments[part * 250 : part * 250 + 250], rate=400)
        for name, agent in list(agents.items()):
            await agent.end(signal.SIGKILL)
            agents[name] = stage.start(name)
    for worker in agents.values():
        await until(worker.is_at_work)
    await stage.drained()
    for worker in agents.values():
        assert await worker.end(signal.SIGTERM) == Exit.OK
    assert await stage.faults() == []
    assert await final_texts(stage) == {stream: spoken(stream) for stream in STREAMS}


async def test_a_worker_told_to_stop_ends_with_0_and_the_next_goes_on(stage):
    segments = thousand()
    for part in range(2):
        worker = stage.start()
        await until(worker.is_at_work)
        await stage.send(segments[part * 500 : part * 500 + 500], rate=400)
        assert await worker.end(signal.SIGTERM) == Exit.OK
    worker = stage.start()
    await until(worker.is_at_work)
    await stage.drained()
    assert await worker.end(signal.SIGTERM) == Exit.OK
    assert await stage.faults() == []
    assert await final_texts(stage) == {stream: spoken(stream) for stream in STREAMS}


async def test_run_starts_an_agent_again_that_is_killed(stage):
    worker = stage.start()
    await until(worker.is_at_work)
    await stage.send(thousand()[:300], rate=400)
    for child in worker.children():
        os.kill(child, signal.SIGKILL)
    await stage.send(thousand()[300:])
    await stage.drained()
    assert worker.log.read_text().count("agent ended, starting again") == 2
    assert await worker.end(signal.SIGTERM) == Exit.OK
    assert await stage.faults() == []
    assert await final_texts(stage) == {stream: spoken(stream) for stream in STREAMS}


async def test_a_second_worker_may_join_and_leave(stage):
    first = stage.start("merge")
    segments = thousand()
    await stage.send(segments[:300], rate=400)
    second = stage.start("merge")
    await stage.send(segments[300:600], rate=400)
    await until(second.is_at_work)
    await stage.send(segments[600:800], rate=400)
    assert await second.end(signal.SIGTERM) == Exit.OK
    await stage.send(segments[800:])
    topics = stage.start("topics")
    await until(topics.is_at_work)
    await stage.drained()
    for worker in (first, topics):
        assert await worker.end(signal.SIGTERM) == Exit.OK
    assert await stage.faults() == []
    assert await final_texts(stage) == {stream: spoken(stream) for stream in STREAMS}


async def test_a_zombie_is_fenced_and_harms_nothing(stage):
    segments = thousand()
    zombie = stage.start("merge")
    await stage.send(segments[:400], rate=400)
    await stage.drained(["merge"])
    zombie.send(signal.SIGSTOP)
    await stage.send(segments[400:700])
    other = stage.start("merge")
    await stage.drained(["merge"])
    zombie.send(signal.SIGCONT)
    await stage.send(segments[700:], rate=400)
    assert await zombie.exit_code() == Exit.FENCED
    topics = stage.start("topics")
    await until(topics.is_at_work)
    await stage.drained()
    for worker in (other, topics):
        assert await worker.end(signal.SIGTERM) == Exit.OK
    assert await stage.faults() == []
    assert await final_texts(stage) == {stream: spoken(stream) for stream in STREAMS}


async def test_a_recording_replayed_gives_the_captions_that_process_gives(stage):
    run = (sys.executable, "-m", "workers")
    kafka = ("--broker", stage.settings.broker, "--prefix", stage.settings.prefix)
    worker = stage.start("merge")
    for speed in ("0", "300"):
        options = ("--speed", speed, "--stream-id", f"talk-{speed}")
        done = await asyncio.to_thread(
            subprocess.run,
            [*run, "replay", str(INTERVIEW), *options, *kafka],
            check=True,
            capture_output=True,
        )
        assert not done.stderr
    await stage.drained(["merge"])
    assert await worker.end(signal.SIGTERM) == Exit.OK
    processed = await asyncio.to_thread(
        subprocess.run,
        [*run, "process", str(INTERVIEW)],
        check=True,
        capture_output=True,
    )
    events = [json.loads(line) for line in processed.stdout.splitlines()]
    texts = [event["text"] for event in events if event["type"] == "CaptionFinal"]
    assert await final_texts(stage) == {"talk-0": texts, "talk-300": texts}


async def test_silence_closes_what_is_open_though_nothing_comes(kafka, tmp_path):
    prefix = f"e2e-{uuid.uuid4().hex[:8]}"
    stage = Stage(kafka.bootstrap, prefix, tmp_path, silence_s=1.0)
    try:
        await stage.create()
        worker = stage.start("merge")
        await stage.send([talk("quiet", 1)[0]])

        async def closed():
            return bool(await final_texts(stage))

        await until(closed)
        topics = stage.start("topics")
        await until(topics.is_at_work)
        await stage.drained()
        for each in (worker, topics):
            assert await each.end(signal.SIGTERM) == Exit.OK
        assert await final_texts(stage) == {"quiet": ["quiet says sentence"]}
        assert await stage.faults() == []
    finally:
        stage.close()


POISON = {
    "not_json": (b"poison", b"{"),
    "invalid": (b"poison", b'{"stream_id":"poison","text":7,"is_final":true}'),
    "null_key": (None, b'{"stream_id":"poison","text":"","is_final":true}'),
    "null_value": (b"poison", None),
    "key_mismatch": (b"other", b'{"stream_id":"poison","text":"","is_final":true}'),
}


async def test_what_cannot_be_used_is_rejected_untouched_and_harms_no_neighbour(stage):
    good = talk("poison", 49)
    rows = [(b"poison", segment) for segment in map(encode, good)]
    for place, row in enumerate(POISON.values()):
        rows.insert(7 * place + 3, row)
    worker = stage.start()
    await stage.send_raw([*rows, (b"poison", encode(end_of("poison")))])
    await stage.drained()
    assert await worker.end(signal.SIGTERM) == Exit.OK
    rejected = {}
    for row in await stage.rows("rejected.v1"):
        marks = dict(row.headers)
        rejected[marks["rejected_reason"].decode()] = (row.key, row.value)
        assert (
            marks["rejected_topic"].decode() == f"{stage.settings.prefix}.segments.v1"
        )
        assert marks["rejected_error"]
        place = int(marks["rejected_partition"]), int(marks["rejected_offset"])
        log = await stage.read("segments.v1")
        assert (row.key, row.value) == log[place[0]][place[1]][1:3]
    assert rejected == POISON
    assert await final_texts(stage) == {"poison": spoken("poison")}
    assert await stage.faults() == []
