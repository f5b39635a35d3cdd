"""What agent ``merge`` does for a segment, counted: other streams cost it nothing."""

from itertools import islice

import pytest
from msgspec.structs import replace

from schemas.codec import encode
from tests.counted_work import counted
from workers.agents.merge import MergeRules
from workers.bench.load import segments
from workers.core.lives import CaptionRules
from workers.delivery.decide import Work, decide
from workers.delivery.records import Record
from workers.delivery.store import Store

RULES = MergeRules(CaptionRules(), "captions")
START_MS = 1_800_000_000_000
HEARD = 10
"""Streams that the measured turn is about."""
ROUNDS = 3
"""Messages of each before it."""


def records(first, rounds, streams):
    sent = islice(segments((first + rounds) * streams, streams), first * streams, None)
    return [
        Record(
            "captions.segments.v1",
            0,
            first * streams + number,
            START_MS + 500 * (first + number // streams),
            segment.stream_id.encode(),
            encode(segment),
        )
        for number, segment in enumerate(sent)
    ]


def work_of_a_turn(streams):
    """Count what a turn about ten streams takes where so many are alive."""
    store = Store(RULES.deadline_ms)
    work = Work(0, store, records(0, ROUNDS, streams), 0, START_MS * 2, False)
    decided = decide(RULES, work)
    store.apply(decided.changes)
    assert len(store) == streams
    turn = Work(
        0,
        store,
        [
            replace(record, offset=number)
            for number, record in enumerate(records(ROUNDS, 8, HEARD))
        ],
        decided.clock_ms,
        START_MS * 2,
        caught_up=False,
    )
    return counted(lambda: decide(RULES, turn))


def test_a_segment_costs_the_same_among_ten_streams_and_among_two_thousand():
    work_of_a_turn(HEARD)  # what is worked out once is no cost of a segment
    few, many = work_of_a_turn(HEARD), work_of_a_turn(2_000)
    assert many == pytest.approx(few, rel=0.05)
