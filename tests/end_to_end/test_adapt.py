"""Raw messages of recognisers on Kafka, to captions, by the processes of the worker."""

import json
import signal
import uuid

import pytest

from schemas.codec import SEGMENT
from schemas.kafka_topics import AGENTS, adapt_agent, provider_topic
from tests.adapters.provider_fixtures import PATHS, adapted, messages
from tests.end_to_end.stage import Stage
from tests.kafka_log import until
from workers.adapters.recording import open_recording
from workers.agents.offline import process
from workers.app import merge_rules, topic_rules
from workers.delivery.exits import Exit

NAMES = ("deepgram", "whisper-streaming")
STREAMS = {name: [f"{name}-{number}" for number in range(6)] for name in NAMES}


@pytest.fixture
async def stage(kafka, tmp_path):
    # Sent at once, a conversation has no silence that could close a caption.
    prefix = f"adapt-{uuid.uuid4().hex[:8]}"
    stage = Stage(kafka.bootstrap, prefix, tmp_path, silence_s=60.0, providers=NAMES)
    await stage.create()
    yield stage
    stage.close()


def rows(name):
    """Return the conversation of a provider in several streams, side by side."""
    return [
        (stream.encode(), message)
        for message in messages(name)
        for stream in STREAMS[name]
    ]


def ends(name):
    """Return the records that end the streams of a provider."""
    mark = ("end_of_stream", b"true")

    return [(stream.encode(), b"{}", mark) for stream in STREAMS[name]]


def standing(values):
    """Return the texts of the final captions of each stream that stand, in order."""
    texts = {}
    for value in values:
        if value["type"] == "CaptionFinal" or value.get("final"):
            own = texts.setdefault(value["stream_id"], {})
            own[value["caption_id"]] = value["text"]
    return {stream: list(own.values()) for stream, own in texts.items()}


def processed(stage, name, stream):
    """Return what `process --provider` makes of the same conversation."""
    recording = open_recording(PATHS[name], provider=name, stream_id=stream)
    outputs = process(
        ((round(one.at_s * 1000), one.segment) for one in recording.segments),
        merge_rules(stage.settings),
        topic_rules(stage.settings),
    )
    return standing(json.loads(output.value) for _, output in outputs)[stream]


async def segments_of(stage, stream):
    """Return what is on Kafka of one stream, but for its end."""
    found = [
        SEGMENT.decode(row.key, row.value)
        for row in await stage.rows("segments.v1")
        if row.key == stream.encode()
    ]
    return [one for one in found if not one.end_of_stream]


async def test_raw_messages_become_the_captions_that_process_makes_of_them(stage):
    worker = stage.start()
    agents = [adapt_agent(name) for name in NAMES]
    for name in NAMES:
        await stage.send_raw(rows(name), to=provider_topic(name))
        await stage.send_raw(ends(name), to=provider_topic(name))
    await stage.drained([*agents, *AGENTS])
    assert len(worker.children()) == len(AGENTS) + len(NAMES)
    assert await worker.end(signal.SIGTERM) == Exit.OK
    assert await stage.faults(agents) == []
    written = await stage.rows("captions.v1")
    found = standing(json.loads(row.value) for row in written)
    for name in NAMES:
        expected = processed(stage, name, STREAMS[name][0])
        assert len(expected) > 2
        for stream in STREAMS[name]:
            assert found[stream] == expected
    assert not await stage.rows("rejected.v1")


async def test_agent_adapt_killed_in_the_middle_loses_and_doubles_no_segment(stage):
    name = NAMES[0]
    agent = adapt_agent(name)
    worker = stage.start(agent)
    raw = rows(name)
    size = len(raw) // 3 + 1
    for part in range(3):
        await stage.send_raw(
            raw[part * size : (part + 1) * size], rate=150, to=provider_topic(name)
        )
        await worker.end(signal.SIGKILL)
        worker = stage.start(agent)
    await until(worker.is_at_work)
    await stage.drained([agent])
    assert await worker.end(signal.SIGTERM) == Exit.OK
    assert await stage.faults([agent]) == []
    expected = [one.text for one in adapted(name, messages(name))]
    for stream in STREAMS[name]:
        assert [one.text for one in await segments_of(stage, stream)] == expected


async def test_a_stream_keeps_its_partition_and_a_bad_message_is_rejected(stage):
    name = NAMES[0]
    agent = adapt_agent(name)
    worker = stage.start(agent)
    bad = [(b"deepgram-0", b"{"), (None, b"{}"), (b"deepgram-1", b"[]")]
    await stage.send_raw([*rows(name), *bad], to=provider_topic(name))
    await stage.drained([agent])
    assert await worker.end(signal.SIGTERM) == Exit.OK
    raw = await stage.read(provider_topic(name).name)
    written = await stage.read("segments.v1")
    for number in raw:
        read = {row.key for row in raw[number].values()}
        assert {row.key for row in written[number].values()} <= read
    reasons = sorted(
        dict(row.headers)["rejected_reason"] for row in await stage.rows("rejected.v1")
    )
    assert reasons == [b"invalid", b"not_json", b"null_key"]
