"""What `bench restore` writes and reads back."""

import uuid

import pytest

from workers.app import rules_of
from workers.bench.restore import Case, Restored, Timing, measure, table
from workers.bench.states import Written, states_of_a_talk
from workers.settings import Settings


@pytest.mark.parametrize("agent", ["merge", "topics"])
def test_states_are_those_that_the_agent_reads(agent):
    settings = Settings()
    rules = rules_of(settings, agent)
    states = states_of_a_talk(settings, agent, 120)
    assert len(states) > 5
    assert len(set(states)) == len(states)
    for state in states:
        read = rules.decode_state(rules.state_version, state)
        assert rules.encode_state(read) == state


async def test_all_that_is_written_is_read_back(kafka):
    settings = Settings(
        broker=kafka.bootstrap, prefix=f"restore-{uuid.uuid4().hex[:8]}", partitions=3
    )
    cases = [Case(7, 1, 30), Case(5, 4, 30)]
    once, often = await measure(settings, "merge", cases, 1, lambda _: None)
    # A position beside each turn of each partition.
    assert once.written.records == 7 + 3
    assert often.written.records == 4 * (5 + 3)
    assert [one.timings[0].entries for one in (once, often)] == [7, 5]


def test_rates_are_by_the_median_time():
    timings = tuple(Timing(seconds, 1.0, 100) for seconds in (2.0, 1.0, 9.0))
    found = Restored("merge", Written(100, 1000, 4_000_000), timings)
    (told,) = table([found]).records()
    assert told == {
        "agent": "merge",
        "streams": 100,
        "records": 1000,
        "bytes a record": 4000,
        "MB": 4.0,
        "s": 2.0,
        "CPU s": 1.0,
        "records/s": 500,
        "MB/s": 2,
        "s slowest": 9.0,
    }
