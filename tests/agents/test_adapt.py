"""Agent ``adapt`` through a partition's turns, as delivery runs it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.codec import SEGMENT
from tests.adapters.provider_fixtures import NAMES, adapted, messages
from tests.agents.turns import run
from workers.adapters.providers.registry import PROVIDERS
from workers.agents.adapt import LONGER_MS, AdaptRules
from workers.delivery.records import Record

START_MS = 1_800_000_000_000
LIFE_MS = 900_000
RULES = {
    name: AdaptRules(provider, "captions", LIFE_MS)
    for name, provider in PROVIDERS.items()
}


def log(name, rows, step_ms=400, headers=()):
    """Return records of one Kafka topic of a provider."""
    return [
        Record(RULES[name].input, 3, n, START_MS + n * step_ms, key, value, headers)
        for n, (key, value) in enumerate(rows)
    ]


def conversation(name, keys=(b"call-1",)):
    return [(key, message) for message in messages(name) for key in keys]


def segments(outputs):
    return [
        SEGMENT.decode(timed.output.key, timed.output.value)
        for timed in outputs
        if timed.output.topic == "captions.segments.v1"
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_message_on_kafka_gives_the_segments_that_its_adapter_reads(name):
    outputs, states = run(RULES[name], log(name, conversation(name)))
    assert segments(outputs) == adapted(name, messages(name))
    assert all(len(state) <= 4096 for state in states.values())


@pytest.mark.parametrize("name", NAMES)
@given(cuts=st.sets(st.integers(0, 60)))
@settings(max_examples=15)
def test_any_cutting_into_turns_and_a_restart_after_each_changes_nothing(name, cuts):
    records = log(name, conversation(name, (b"a", b"b")))
    within = {cut for cut in cuts if cut < len(records)}
    whole = run(RULES[name], records)
    assert run(RULES[name], records, within) == whole
    assert run(RULES[name], records, within, restore=True) == whole


@pytest.mark.parametrize("name", NAMES)
def test_streams_side_by_side_have_memories_of_their_own(name):
    outputs, _ = run(RULES[name], log(name, conversation(name, (b"a", b"b"))))
    alone = [one.text for one in adapted(name, messages(name))]
    for stream in ("a", "b"):
        own = [one.text for one in segments(outputs) if one.stream_id == stream]
        assert own == alone


def test_every_segment_is_an_event_of_its_own_and_the_trace_goes_on():
    trace = (("traceparent", b"00-1-2-01"),)
    records = log("aws-transcribe", conversation("aws-transcribe"), headers=trace)
    outputs, _ = run(RULES["aws-transcribe"], records)
    heads = [dict(timed.output.headers) for timed in outputs]
    ids = [head["ce_id"] for head in heads]
    assert len(set(ids)) == len(ids)
    assert {b"3-5.s0", b"3-5.s1"} <= set(ids)
    assert {head["traceparent"] for head in heads} == {b"00-1-2-01"}
    assert {head["ce_type"] for head in heads} == {b"captions.segment.v1"}
    assert {head["ce_source"] for head in heads} == {
        b"caption-worker/adapt-aws-transcribe"
    }


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        (None, b"{}", b"null_key"),
        (b"a", None, b"null_value"),
        (b"a", b"{", b"not_json"),
        (b"a", b'{"type": "Results", "start": "0"}', b"invalid"),
        (b"\xff", b"{}", b"invalid"),
        (b"", b"{}", b"invalid"),
        (b"x" * 257, b"{}", b"invalid"),
    ],
)
def test_what_cannot_be_used_is_rejected_with_its_reason(key, value, reason):
    good = conversation("deepgram")[3]
    outputs, states = run(RULES["deepgram"], log("deepgram", [good, (key, value)]))
    rejected = outputs[-1].output
    assert rejected.topic == "captions.rejected.v1"
    assert (rejected.key, rejected.value) == (key, value)
    assert dict(rejected.headers)["rejected_reason"] == reason
    assert set(states) == {b"call-1"}


def test_an_error_says_nothing_of_what_was_said():
    said = {"type": "Results", "start": "secret words", "channel": {}}
    outputs, _ = run(
        RULES["deepgram"], log("deepgram", [(b"a", json.dumps(said).encode())])
    )
    assert b"secret" not in dict(outputs[-1].output.headers)["rejected_error"]


def test_a_memory_ends_after_the_life_of_its_stream_and_the_next_begins_anew():
    (key, message) = conversation("deepgram")[3]
    other = json.loads(message) | {"metadata": {"request_id": "another"}}
    late_ms = LIFE_MS + LONGER_MS
    for pause_ms, epoch in ((late_ms - 1, 1), (late_ms, 0)):
        records = log(
            "deepgram", [(key, message), (key, json.dumps(other).encode())], pause_ms
        )
        outputs, _ = run(RULES["deepgram"], records)
        assert segments(outputs)[-1].epoch == epoch


def test_a_memory_is_gone_when_nobody_speaks_any_more():
    rows = [conversation("deepgram")[3], (b"b", b"{}")]
    _, states = run(RULES["deepgram"], log("deepgram", rows, LIFE_MS + LONGER_MS))
    assert states == {}


def test_a_stream_that_its_provider_ends_leaves_nothing():
    _, states = run(RULES["lca"], log("lca", conversation("lca")))
    assert states == {}


def test_a_record_marked_as_the_last_ends_its_stream_in_its_newest_epoch():
    records = log("deepgram", [*conversation("deepgram"), (b"call-1", b"{}")])
    records[-1] = replace(records[-1], headers=(("end_of_stream", b"true"),))
    outputs, states = run(RULES["deepgram"], records)
    *_, spoken, end = segments(outputs)
    assert (end.text, end.end_of_stream, end.epoch) == ("", True, spoken.epoch)
    assert end.epoch == 1
    assert states == {}


def test_a_message_that_says_nothing_leaves_no_state():
    outputs, states = run(RULES["google"], log("google", [(b"a", b'{"results": []}')]))
    assert (outputs, states) == ([], {})
