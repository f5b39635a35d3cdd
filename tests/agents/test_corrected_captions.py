"""A correction through both agents' rules: caption, cues, enriched caption."""

import json
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from schemas.codec import encode
from schemas.segment import CaptionCorrection, CaptionSegment
from tests.agents.test_agent_properties import MERGE, START_MS, TOPICS, captions, run
from workers.core.merging import MergeSettings
from workers.counting import observe
from workers.delivery.decide import Work, decide
from workers.delivery.records import Record
from workers.delivery.store import Store
from workers.metrics import CORRECTIONS, SEGMENTS

SENTENCE = "The harbour was full of small boats this morning, and nobody was surprised."


def segment(number, text=SENTENCE, *, is_final=True, **more):
    message = CaptionSegment(
        stream_id="a",
        text=text,
        is_final=is_final,
        segment_id=f"u{number}",
        start_s=number * 6.0,
        end_s=number * 6.0 + 5,
        **more,
    )
    return Record(MERGE.input, 0, number, START_MS + number, b"a", encode(message))


def correction(caption, text, offset=0, stream="a", now_ms=START_MS + 900):
    message = CaptionCorrection(
        stream_id=stream,
        caption_id=caption,
        text=text,
        corrected_by="Ann Example",
        corrected_at=datetime(2026, 11, 24, tzinfo=UTC),
    )
    key = stream.encode()
    return Record(MERGE.corrections, 0, offset, now_ms, key, encode(message))


def messages(outputs, kind):
    found = [(timed.output, json.loads(timed.output.value)) for timed in outputs]
    return [value for _, value in found if value.get("type") == kind]


def test_a_correction_revises_caption_cues_and_enriched_caption():
    text = "The harbour was full of small goats this morning, and nobody was surprised."
    records = [segment(0), segment(1), correction("0-0.c0", text)]
    outputs, _ = run(MERGE, records)
    (revised,) = messages(outputs, "CaptionRevised")
    assert (revised["text"], revised["revision"]) == (text, 1)
    cues = messages(outputs, "Cue")
    before = [cue for cue in cues if cue["caption_ids"] == ["0-0.c0"]]
    half = len(before) // 2
    assert [cue["cue_id"] for cue in before[half:]] == [
        cue["cue_id"] for cue in before[:half]
    ]
    assert {cue["revision"] for cue in before[half:]} == {1}
    assert " ".join(line for cue in before[half:] for line in cue["lines"]) == text
    enriched = messages(run(TOPICS, captions(records))[0], "EnrichedCaption")
    mine = [one for one in enriched if one["caption_id"] == "0-0.c0"]
    assert [(one["revision"], one["text"]) for one in mine] == [
        (0, SENTENCE),
        (1, text),
    ]
    assert mine[1]["topic_id"] == mine[0]["topic_id"]


def test_each_caption_that_merging_keeps_sends_its_cues_again_when_corrected():
    kept = range(30 - MergeSettings().kept, 30)
    # One more is open, and has a cue already.
    long = " ".join([SENTENCE.rstrip(".")] * 3)
    records = [
        *(segment(number) for number in range(30)),
        *[segment(30, long, is_final=False)] * 2,
        *(correction(f"0-0.c{number}", f"Number {number}.") for number in kept),
    ]
    outputs, _ = run(MERGE, records)
    lines = [" ".join(cue["lines"]) for cue in messages(outputs, "Cue")]
    assert [line for line in lines if line.startswith("Number")] == [
        f"Number {number}." for number in kept
    ]


def test_cues_come_again_for_a_caption_corrected_while_new_ones_come():
    """What changed last is not what is kept longest."""
    records = [segment(number) for number in range(20)]
    for number in range(20, 60):
        records.append(segment(number))
        oldest, now_ms = f"0-0.c{number - 19}", START_MS + number
        records.append(correction(oldest, f"Oldest {number}.", now_ms=now_ms))
    outputs, _ = run(MERGE, records)
    assert len(messages(outputs, "CaptionRevised")) == 40
    lines = [" ".join(cue["lines"]) for cue in messages(outputs, "Cue")]
    assert [line for line in lines if line.startswith("Oldest")] == [
        f"Oldest {number}." for number in range(20, 60)
    ]


END = segment(2, text="", end_of_stream=True)


@pytest.mark.parametrize(
    ("records", "record", "reason"),
    [
        ([], correction("0-0.c0", "Nobody."), "unknown_stream"),
        ([segment(0), END], correction("0-0.c0", "Over."), "stream_ended"),
        ([segment(0)], correction("0-9.c0", "Elsewhere."), "unknown_caption"),
        ([segment(0)], correction("0-0.c0", ""), "empty_text"),
        ([segment(0)], correction("0-0.c0", "?", stream="b"), "unknown_stream"),
        (
            [segment(0)],
            replace(correction("0-0.c0", ""), value=b"{"),
            "not_json",
        ),
        (
            [segment(0)],
            replace(correction("0-0.c0", ""), value=segment(0).value),
            "invalid",
        ),
    ],
)
def test_a_correction_that_cannot_be_used_is_rejected_untouched(
    records, record, reason
):
    before, states = run(MERGE, records)
    outputs, after = run(MERGE, [*records, record])
    (rejected,) = [timed.output for timed in outputs[len(before) :]]
    assert rejected.topic == "captions.rejected.v1"
    assert (rejected.key, rejected.value) == (record.key, record.value)
    marks = dict(rejected.headers)
    assert marks["rejected_reason"] == reason.encode()
    assert marks["rejected_topic"] == b"captions.corrections.v1"
    assert after == states


def test_who_corrected_is_nowhere_but_on_the_kafka_topic_of_corrections():
    outputs, states = run(MERGE, [segment(0), correction("0-0.c0", "Better.")])
    assert not any(b"Ann" in timed.output.value for timed in outputs)
    assert not any(b"Ann" in state for state in states.values())


def test_a_correction_keeps_no_stream_alive():
    silence_ms = 15 * 60_000
    talk = [segment(0), segment(1)]
    late = correction("0-0.c0", "Better.", now_ms=START_MS + silence_ms - 1000)
    again = correction("0-0.c1", "Better.", 1, now_ms=START_MS + silence_ms + 2000)
    outputs, _ = run(MERGE, [*talk, late, again])
    assert [one["reason"] for one in messages(outputs, "StreamEnded")] == ["silence"]
    assert dict(outputs[-1].output.headers)["rejected_reason"] == b"stream_ended"


def test_corrections_are_counted_by_themselves():
    records = [segment(0), correction("0-0.c0", "Better.")]
    work = Work(0, Store(MERGE.deadline_ms), records, 0, 2**62, caught_up=False)
    before = [
        each.labels(outcome)._value.get()
        for each, outcome in ((CORRECTIONS, "corrected"), (SEGMENTS, "corrected"))
    ]
    observe([(0, decide(MERGE, work))])
    assert CORRECTIONS.labels("corrected")._value.get() == before[0] + 1
    assert SEGMENTS.labels("corrected")._value.get() == before[1]
