"""Corrections by a person through the whole worker on Kafka, killed meanwhile."""

import json
import signal
import uuid
from collections import Counter
from datetime import UTC, datetime

import pytest
from aiokafka import TopicPartition
from msgspec.structs import replace

from schemas.codec import encode
from schemas.segment import CaptionCorrection
from tests.end_to_end.stage import Stage, end_of, interleaved, talk
from tests.kafka_log import until
from workers.delivery.exits import Exit

STREAMS = [f"stream-{number}" for number in range(8)]


@pytest.fixture
async def stage(kafka, tmp_path):
    prefix = f"corrections-{uuid.uuid4().hex[:8]}"
    stage = Stage(kafka.bootstrap, prefix, tmp_path, silence_s=60.0)
    await stage.create()
    yield stage
    stage.close()


async def newest(stage, name, kind):
    """Return the last value of each caption, by stream, and how many there were."""
    found, count = {}, Counter()
    for row in await stage.rows(name):
        value = json.loads(row.value)
        if value["type"] in kind:
            count[value["type"]] += 1
            found.setdefault(value["stream_id"], {})[value["caption_id"]] = value
    return found, count


def corrected(caption, text, second=0):
    return CaptionCorrection(
        stream_id=caption["stream_id"],
        caption_id=caption["caption_id"],
        text=text,
        corrected_by="Ann",
        corrected_at=datetime(2026, 11, 24, 10, 0, second, tzinfo=UTC),
    )


async def test_corrections_stand_whoever_is_killed_meanwhile(stage):
    agents = {name: stage.start(name) for name in ("merge", "topics")}
    talks = [talk(stream, 60) for stream in STREAMS]
    await stage.send(interleaved([said[:30] for said in talks]), rate=400)
    await stage.drained()
    finals, _ = await newest(stage, "captions.v1", ["CaptionFinal"])
    chosen = [
        caption for stream in STREAMS for caption in list(finals[stream].values())[1:4]
    ]
    wanted = [
        corrected(caption, f"A person heard this of {caption['caption_id']}.")
        for caption in chosen
    ]
    again = [
        # The recogniser insists on other words for what was corrected.
        replace(segment, text=segment.text.replace("says", "sings"))
        for said in talks
        for segment in said[:30]
        if segment.is_final
    ]
    parts = 4
    for part in range(parts):
        await stage.correct(wanted[part::parts])
        await stage.send(
            interleaved([said[30 + 7 * part : 37 + 7 * part] for said in talks]),
            rate=400,
        )
        for name, agent in list(agents.items()):
            await agent.end(signal.SIGKILL)
            agents[name] = stage.start(name)
        await stage.correct(wanted[part::parts])  # sent twice
    for agent in agents.values():
        await until(agent.is_at_work)
    await stage.drained()
    await stage.send(again)
    await stage.correct([corrected(chosen[0], "Too early to win.", 0)])
    await stage.drained()
    await stage.send([end_of(stream) for stream in STREAMS])
    await stage.drained()
    await stage.correct([corrected(chosen[0], "Over and out.", 30)])
    await stage.drained()
    for agent in agents.values():
        assert await agent.end(signal.SIGTERM) == Exit.OK

    assert await stage.faults() == []
    texts = {one.caption_id: one.text for one in wanted}
    for name, kinds in (
        ("captions.v1", ["CaptionFinal", "CaptionRevised"]),
        ("enriched.v1", ["EnrichedCaption"]),
    ):
        shown, _ = await newest(stage, name, kinds)
        by_id = {key: one for each in shown.values() for key, one in each.items()}
        assert {key: by_id[key]["text"] for key in texts} == texts
    revised = Counter(
        value["caption_id"]
        for row in await stage.rows("captions.v1")
        if (value := json.loads(row.value))["type"] == "CaptionRevised"
        and value["reason"] == "corrected"
    )
    assert revised == Counter(texts.keys())  # each once, though sent twice
    reasons = Counter(
        dict(row.headers)["rejected_reason"].decode()
        for row in await stage.rows("rejected.v1")
    )
    assert reasons["older_correction"] == 1
    assert reasons["stream_ended"] == 1
    assert reasons["corrected_before"] >= len(STREAMS)
    assert set(reasons) == {"older_correction", "stream_ended", "corrected_before"}


async def test_cues_show_what_a_person_wrote(stage):
    worker = stage.start()
    await stage.send(talk("alone", 40))
    await stage.drained()
    finals, _ = await newest(stage, "captions.v1", ["CaptionFinal"])
    caption = list(finals["alone"].values())[-1]
    await stage.correct([corrected(caption, "Nobody said a word about it.")])
    await stage.drained()
    assert await worker.end(signal.SIGTERM) == Exit.OK
    cues = {}
    for row in await stage.rows("cues.v1"):
        cue = json.loads(row.value)
        if caption["caption_id"] in cue["caption_ids"]:
            cues[cue["cue_id"]] = cue
    shown = [cue for cue in cues.values() if not cue["withdrawn"]]
    assert " ".join(line for cue in shown for line in cue["lines"]) == (
        "Nobody said a word about it."
    )
    assert {cue["revision"] for cue in cues.values()} == {1}
    assert await stage.faults() == []


async def test_a_correction_in_another_partition_is_rejected_and_harms_nothing(stage):
    worker = stage.start()
    await stage.send(talk("alone", 40))
    await stage.drained()
    finals, _ = await newest(stage, "captions.v1", ["CaptionFinal"])
    caption = list(finals["alone"].values())[-1]
    (number,) = [n for n, log in (await stage.read("segments.v1")).items() if log]
    log = TopicPartition(f"{stage.settings.prefix}.corrections.v1", (number + 1) % 4)
    producer = stage.connection.producer()
    await producer.start()
    await producer.send_and_wait(
        log.topic,
        encode(corrected(caption, "Elsewhere.")),
        key=b"alone",
        partition=log.partition,
    )
    await producer.stop()
    await stage.drained()
    assert await worker.end(signal.SIGTERM) == Exit.OK
    (row,) = await stage.rows("rejected.v1")
    assert dict(row.headers)["rejected_reason"] == b"unknown_stream"
    assert await stage.faults() == []
