"""The agents' rules through a partition's turns, as delivery runs them."""

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codec import encode
from schemas.segment import CaptionCorrection, CaptionSegment
from tests.agents.turns import run
from workers.agents.merge import MergeRules
from workers.agents.topics import TopicRules
from workers.app import topic_model
from workers.core.lives import CaptionRules
from workers.delivery.records import Record
from workers.settings import Settings

MERGE = MergeRules(CaptionRules(), "captions")
TOPICS = TopicRules(topic_model(Settings()), "captions")
START_MS = 1_800_000_000_000
SENTENCES = [
    "The harbour was full of small boats this morning.",
    "So let's turn to the bakery",
    "flour and water and salt, and a long night.",
    "Yes.",
    "What about the old bridge?",
    "It was built in 1874 by Dr. Moe",
]


KINDS = ["interim", "final", "final", "again", "end"]


def correction(draw, records, stream, now_ms):
    """Correct one of the captions there are by now, of this stream or another."""
    said = [json.loads(caption.value) for caption in captions(records)]
    shown = sorted({each["caption_id"] for each in said if "caption_id" in each})
    message = CaptionCorrection(
        stream_id=stream,
        caption_id=draw(st.sampled_from([*shown, "0-0.c999"])),
        text=draw(st.sampled_from(["Fifty boats.", "What a night!", " ", "x" * 601])),
        corrected_by="Ann",
        corrected_at=datetime(2026, 11, 24, second=draw(st.integers(0, 9)), tzinfo=UTC),
    )
    value = (stream.encode(), encode(message))
    return Record(MERGE.corrections, 0, len(records), now_ms, *value)


@st.composite
def logs(draw, streams=("a", "b", "c")):
    """Segments: growing, final, sent again, after pauses, and ends; and corrections."""
    records = []
    now_ms = START_MS
    said = dict.fromkeys(streams, 0)
    for _ in range(draw(st.integers(1, 25))):
        now_ms += draw(st.sampled_from([0, 100, 700, 4_000, 11_000, 950_000]))
        stream = draw(st.sampled_from(streams))
        kind = draw(st.sampled_from([*KINDS, "correction"]))
        if kind == "correction":
            records.append(correction(draw, records, stream, now_ms))
            continue
        number = said[stream]
        text = SENTENCES[number % len(SENTENCES)]
        segment = CaptionSegment(
            stream_id=stream,
            text="" if kind == "end" else text[:20] if kind == "interim" else text,
            is_final=kind != "interim",
            segment_id=None if kind == "end" else f"u{number - (kind == 'again')}",
            start_s=number * 4.0,
            end_s=number * 4.0 + 3,
            end_of_stream=kind == "end",
        )
        said[stream] = number + (kind == "final")
        value = b"{" if draw(st.integers(0, 20)) == 0 else encode(segment)
        records.append(Record("in", 0, len(records), now_ms, stream.encode(), value))
    return records


def captions(records):
    """Return what agent `topics` reads of a log of segments."""
    return [
        Record(
            "captions",
            0,
            place,
            timed.time_ms,
            timed.output.key,
            timed.output.value,
            timed.output.headers,
        )
        for place, timed in enumerate(
            timed
            for timed in run(MERGE, records)[0]
            if timed.output.topic == TOPICS.input
        )
    ]


@given(logs(), st.sets(st.integers(0, 25)))
@settings(max_examples=60)
def test_any_cutting_into_turns_gives_the_same_bytes(records, cuts):
    within = {cut for cut in cuts if cut < len(records)}
    assert run(MERGE, records, within) == run(MERGE, records)
    heard = captions(records)
    within = {cut for cut in cuts if cut < len(heard)}
    assert run(TOPICS, heard, within) == run(TOPICS, heard)


@given(logs(), st.sets(st.integers(0, 25)))
@settings(max_examples=60)
def test_a_restart_after_any_turn_changes_nothing(records, cuts):
    within = {cut for cut in cuts if cut < len(records)}
    assert run(MERGE, records, within, restore=True) == run(MERGE, records)
    heard = captions(records)
    within = {cut for cut in cuts if cut < len(heard)}
    assert run(TOPICS, heard, within, restore=True) == run(TOPICS, heard)


@given(logs())
@settings(max_examples=60)
def test_streams_side_by_side_do_not_touch_each_other(records):
    together, _ = run(MERGE, records)
    for stream in (b"a", b"b", b"c"):
        alone = [record for record in records if record.key == stream]
        # Only the clock is shared: what silence brings about in one stream is told
        # as soon as anybody is heard, so up to the end of the log.
        mine = [timed for timed in together if timed.output.key == stream]
        expected, _ = run(MERGE, alone)
        assert mine[: len(expected)] == expected


@given(logs(streams=("a",)))
@settings(max_examples=30)
def test_every_output_names_its_event_once(records):
    outputs, _ = run(MERGE, records)
    outputs += run(TOPICS, captions(records))[0]
    ids = [
        (timed.output.topic, dict(timed.output.headers)["ce_id"]) for timed in outputs
    ]
    assert len(set(ids)) == len(ids)
