"""A stream is forgotten by each agent, in the transaction that tells its readers."""

import json

import pytest

from schemas.codec import encode
from tests.adapters.provider_fixtures import messages
from tests.agents.test_agent_properties import MERGE, TOPICS
from tests.agents.turns import run
from tests.end_to_end.stage import end_of, talk
from workers.adapters.providers.registry import PROVIDERS
from workers.agents.adapt import AdaptRules
from workers.delivery.records import Record

START_MS = 1_800_000_000_000
ASKED = (("forget", b"true"),)


def log(topic, rows):
    return [
        Record(topic, 0, at, START_MS + 300 * at, *row) for at, row in enumerate(rows)
    ]


def segments(*streams, size=40):
    talks = [talk(stream, size) for stream in streams]
    mixed = [one for pair in zip(*talks, strict=True) for one in pair]
    return [(one.stream_id.encode(), encode(one)) for one in mixed]


def captions(outputs):
    return [
        Record(
            TOPICS.input,
            0,
            at,
            timed.time_ms,
            timed.output.key,
            timed.output.value,
            timed.output.headers,
        )
        for at, timed in enumerate(
            timed for timed in outputs if timed.output.topic == TOPICS.input
        )
    ]


def told(outputs):
    """Return the Kafka topics on which a tombstone of the stream is."""
    found = [one.output for one in outputs if one.output.value is None]
    assert all(one.key == b"a" for one in found)
    assert {dict(one.headers)["ce_type"] for one in found} <= {
        b"captions.stream.forgotten.v1"
    }
    return [one.topic.removeprefix("captions.") for one in found]


def test_its_state_ends_in_both_agents_and_readers_of_each_output_are_told():
    records = log(MERGE.input, [*segments("a", "b"), (b"a", None, ASKED)])
    outputs, states = run(MERGE, records)
    assert set(states) == {b"b"}
    assert told(outputs) == ["captions.v1", "cues.v1", "metrics.v1"]
    outputs, states = run(TOPICS, captions(outputs))
    assert set(states) == {b"b"}
    assert told(outputs) == ["enriched.v1", "topics.v1", "metrics.v1"]


@pytest.mark.parametrize("ended", [False, True])
def test_what_is_sent_later_begins_anew_and_no_id_comes_twice(ended):
    rows = segments("a")
    end = [(b"a", encode(end_of("a")))] if ended else []
    once, _ = run(MERGE, log(MERGE.input, rows))
    records = log(MERGE.input, [*rows, *end, (b"a", None, ASKED), *rows])
    twice, _ = run(MERGE, records)
    ids = [dict(one.output.headers)["ce_id"] for one in twice if one.output.value]
    assert len(set(ids)) == len(ids)
    later = [
        json.loads(one.output.value)["text"]
        for one in twice[-len(once) :]
        if one.output.topic == TOPICS.input
    ]
    assert later == [
        json.loads(one.output.value)["text"]
        for one in once
        if one.output.topic == TOPICS.input
    ]


def test_a_stream_nobody_knows_is_told_to_readers_all_the_same():
    outputs, states = run(MERGE, log(MERGE.input, [(b"a", None, ASKED)]))
    assert (len(told(outputs)), states) == (3, {})


def test_no_value_without_that_header_is_a_mistake_and_is_rejected():
    rows = segments("a")
    for headers in ((), (("forget", b"false"),), (("forget", None),)):
        outputs, states = run(MERGE, log(MERGE.input, [*rows, (b"a", None, headers)]))
        assert set(states) == {b"a"}
        marks = dict(outputs[-1].output.headers)
        assert marks["rejected_reason"] == b"null_value"


def test_an_agent_adapt_forgets_and_asks_the_next_one():
    rules = AdaptRules(PROVIDERS["deepgram"], "captions", 900_000)
    rows = [(b"a", each) for each in messages("deepgram")]
    outputs, states = run(rules, log(rules.input, [*rows, (b"a", None, ASKED)]))
    assert states == {}
    assert told(outputs) == ["segments.v1"]
    asked = outputs[-1].output
    forget = (asked.key, asked.value, asked.headers)
    merged, states = run(MERGE, log(MERGE.input, [*segments("a"), forget]))
    assert states == {}
    assert told(merged) == ["captions.v1", "cues.v1", "metrics.v1"]
