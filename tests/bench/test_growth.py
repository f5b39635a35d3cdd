"""Growth: what the rules do, counted; and what a day leaves behind."""

import sys

import pytest

from workers.app import merge_rules, topic_rules
from workers.bench.growth.copies import NOW_MS, MergeCopies, TopicCopies
from workers.bench.growth.day import day
from workers.bench.growth.partition import Partition
from workers.bench.growth.streams import costs
from workers.settings import load_settings

SETTINGS = load_settings()


@pytest.fixture(scope="module")
def rules():
    return merge_rules(SETTINGS), topic_rules(SETTINGS)


def calls(work):
    """Return how many functions of Python are entered: the same on any machine."""
    entered = 0

    def count(_frame, event, _argument):
        nonlocal entered
        entered += event == "call"

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return entered


@pytest.mark.parametrize("agent", ["merge", "topics"])
def test_a_record_is_as_much_work_among_five_hundred_streams_as_among_ten(rules, agent):
    merge, topics = rules
    entered = {}
    for size in (10, 10, 500):  # at first memos are filled
        if agent == "merge":
            copies, partition = MergeCopies(merge), Partition(merge)
        else:
            copies, partition = TopicCopies(merge, topics), Partition(topics)
        partition.put_back(dict(map(copies.state, range(size))))
        for _ in range(2):
            said = list(map(copies.record, range(10)))
            entered[size] = calls(lambda: partition.turn(said, NOW_MS))  # noqa: B023
    assert entered[500] == pytest.approx(entered[10], rel=0.1)


def test_both_agents_are_measured_with_each_number_of_streams(rules):
    found = costs(*rules, (10, 20), rounds=1, turns=3)
    assert [(one.agent, one.streams) for one in found] == [
        *(("merge", 10), ("merge", 20), ("topics", 10), ("topics", 20)),
    ]
    assert all(one.cpu_us > 0 for one in found)


def test_what_a_day_leaves_behind_does_not_grow(rules):
    hours = list(day(*rules, streams=60, each=5, hours=6))
    early, late = hours[2], hours[-1]
    assert late.streams > 2 * early.streams
    # Sixty live ones, and those that have been silent for less than a quarter hour.
    assert all(45 <= hour.topics_entries <= 80 for hour in hours[1:])
    # And the gravestones of an hour.
    assert all(hour.merge_entries <= 60 * 3 for hour in hours)
    assert late.state_bytes < 1.5 * early.state_bytes
