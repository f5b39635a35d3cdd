import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.codec import encode
from schemas.segment import CaptionSegment
from workers.agents.merge import MergeRules
from workers.agents.trace_context import SpanContext, span_of, traceparent_of
from workers.core.lives import CaptionRules
from workers.delivery.records import Record

NOW_MS = 1_790_000_000_000
GIVEN = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
SPOKEN = CaptionSegment(stream_id="s", text="That is said.", is_final=True)

places = st.builds(
    Record,
    st.sampled_from(["captions.segments.v1", "captions.captions.v1"]),
    st.integers(0, 500),
    st.integers(0, 2**60),
    st.integers(-1, NOW_MS),
    st.none() | st.binary(max_size=8),
    st.none() | st.binary(max_size=8),
)


def record(*headers, offset=7):
    value = encode(SPOKEN)
    return Record("captions.segments.v1", 0, offset, NOW_MS, b"s", value, headers)


def traced(traceparent, **more):
    return record(("traceparent", traceparent), **more)


@given(places, st.integers(1, 2**128 - 1), st.integers(1, 2**64 - 1))
def test_a_span_is_in_the_producers_trace_under_the_producers_span(one, trace, span):
    given = SpanContext(trace, span, None, 1).traceparent()
    found = span_of("merge", replace(one, headers=(("traceparent", given),)), 0)
    assert (found.trace_id, found.parent_id, found.flags) == (trace, span, 1)
    # What it causes is under it, as any reader of the W3C's header sees it.
    assert re.fullmatch(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-01", found.traceparent())
    below = replace(one, headers=(("traceparent", found.traceparent()),))
    next_one = span_of("topics", below, 0)
    assert (next_one.trace_id, next_one.parent_id) == (trace, found.span_id)


@given(places, places)
def test_spans_differ_if_and_only_if_the_places_do(one, other):
    def place(record):
        return record.topic, record.partition, record.offset, record.timestamp_ms

    mine, others = span_of("merge", one, 1), span_of("merge", other, 1)
    assert (mine == others) == (place(one) == place(other))
    assert span_of("topics", one, 1).span_id != mine.span_id


def test_the_ids_are_these_for_ever():
    found = span_of("merge", traced(GIVEN), 0)
    assert found.traceparent() == GIVEN[:36] + b"259412b5e705c0fc-01"


def test_whom_the_producer_does_not_sample_nobody_samples():
    unsampled = GIVEN[:-2] + b"00"
    assert span_of("merge", traced(unsampled), 1) is None


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"00-1-2-01",
        GIVEN.upper(),
        b"ff" + GIVEN[2:],
        b"00-" + b"0" * 32 + GIVEN[35:],
        GIVEN[:36] + b"0" * 16 + b"-01",
        GIVEN + b"\n",
        GIVEN[:-3],
    ],
)
def test_a_traceparent_that_names_no_span_begins_a_trace_of_our_own(broken):
    found = span_of("merge", traced(broken), 1)
    assert found == span_of("merge", record(), 1)
    assert found.parent_id is None


@given(st.floats(0, 1))
def test_the_ratio_is_the_share_of_records_that_begin_a_trace(ratio):
    begun = [
        offset
        for offset in range(400)
        if span_of("merge", record(offset=offset), ratio) is not None
    ]
    assert abs(len(begun) / 400 - ratio) < 0.13
    assert begun == [] or ratio > 0
    assert len(begun) == 400 or ratio < 1


def headers_of(rules, one):
    return [
        [value for name, value in output.headers if name == "traceparent"]
        for output in rules.on_record(None, one, NOW_MS).outputs
    ]


@pytest.mark.parametrize("given", [GIVEN, b"00-1-2-01", GIVEN[:-2] + b"00"])
def test_without_tracing_the_producers_own_traceparent_goes_on(given):
    found = headers_of(MergeRules(CaptionRules(), "captions"), traced(given))
    assert found == [[given]] * len(found) != []


def test_with_tracing_all_that_a_record_causes_is_under_its_span():
    rules = MergeRules(CaptionRules(), "captions", 0.0)
    for sent, expected in (
        (GIVEN, span_of("merge", traced(GIVEN), 0).traceparent()),
        (GIVEN[:-2] + b"00", GIVEN[:-2] + b"00"),
    ):
        found = headers_of(rules, traced(sent))
        assert found == [[expected]] * len(found) != []
    assert not any(headers_of(rules, record()))


def test_to_forget_a_stream_is_traced_like_all_else():
    asks = replace(traced(GIVEN), value=None)
    asks = replace(asks, headers=(*asks.headers, ("forget", b"true")))
    found = headers_of(MergeRules(CaptionRules(), "captions", 0.0), asks)
    expected = span_of("merge", asks, 0).traceparent()
    assert found == [[expected]] * len(found) != []
    assert traceparent_of(asks) == GIVEN
