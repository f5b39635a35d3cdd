"""Several inputs of a partition: in which order their records are decided, and when."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.delivery.test_decide import START_MS, VALUES, Run
from tests.delivery.toy import SILENCE_MS
from workers.delivery.inbox import Inbox, in_order
from workers.delivery.records import Record
from workers.delivery.source import Fetched

TOPICS = ("in", "aside", "else")
TIMES = st.lists(st.integers(0, 4 * SILENCE_MS), max_size=15)
LATER_MS = START_MS + 10**6


def log(topic: str, times: list[int], values: list[bytes] | None = None):
    values = values or [b"say"] * len(times)
    return [
        Record(topic, 0, offset, START_MS + at_ms, b"k%d" % (at_ms % 3), value)
        for offset, (at_ms, value) in enumerate(zip(times, values, strict=False))
    ]


class Source:
    """Logs that are all there already, fetched piece by piece."""

    def __init__(self, logs: dict[str, list[Record]]) -> None:
        self.logs = logs
        self.upto = dict.fromkeys(logs, 0)

    def fetch(self, topic: str, most: int, answered_ms: int = LATER_MS) -> Fetched:
        first, end = self.upto[topic], len(self.logs[topic])
        upto = self.upto[topic] = min(first + most, end)
        return Fetched(self.logs[topic][first:upto], first, upto, end, answered_ms)


@st.composite
def logs(draw):
    return {
        topic: log(
            topic,
            times := draw(TIMES),
            draw(st.lists(VALUES, min_size=len(times), max_size=len(times))),
        )
        for topic in TOPICS
    }


def turns(logs, draw_size):
    """Return the turns in which fetches of drawn sizes let the logs be decided."""
    source, inbox = Source(logs), Inbox(logs)
    found = []
    while not inbox.caught_up:
        for topic in inbox.wanted():
            inbox.put(topic, source.fetch(topic, draw_size()))
        found.append(inbox.take())
    return found


@given(logs(), st.data())
def test_in_a_backlog_the_order_is_that_of_the_logs_however_fetches_cut_them(
    logs, data
):
    cut = turns(logs, lambda: data.draw(st.integers(1, 5)))
    assert list(chain(*cut)) == in_order(logs.values())


@given(logs(), st.data())
def test_the_order_inside_a_turn_is_told_by_its_records_alone(logs, data):
    for turn in turns(logs, lambda: data.draw(st.integers(1, 5))):
        apart = [[one for one in turn if one.topic == topic] for topic in TOPICS]
        assert in_order(apart) == turn


@given(logs(), st.data())
def test_in_a_backlog_any_cutting_of_several_inputs_gives_the_same_bytes(logs, data):
    whole, parts = Run(), Run()
    whole.turn(in_order(logs.values()), LATER_MS)
    for turn in turns(logs, lambda: data.draw(st.integers(1, 5))):
        parts.turn(turn, LATER_MS)
    assert parts.outputs == whole.outputs
    assert (parts.states(), parts.clock_ms) == (whole.states(), whole.clock_ms)


@given(logs())
def test_each_input_keeps_its_order_and_the_earlier_goes_first(logs):
    order = in_order(logs.values())
    for topic in TOPICS:
        assert [one for one in order if one.topic == topic] == logs[topic]
    in_time = {
        topic: sorted(log, key=lambda one: one.timestamp_ms)
        for topic, log in logs.items()
    }
    times = [one.timestamp_ms for one in in_order(in_time.values())]
    assert times == sorted(times)


def test_of_equal_times_the_input_named_first_goes_first():
    logs = {topic: log(topic, [7]) for topic in TOPICS}
    assert [one.topic for one in in_order(logs.values())] == list(TOPICS)


def test_an_input_that_is_read_to_its_end_keeps_nobody_waiting():
    inbox = Inbox(TOPICS[:2])
    inbox.put("aside", Fetched([], 0, 0, 0, LATER_MS))
    source = Source({"in": log("in", [1, 2, 3])})
    for offset in range(3):
        inbox.put("in", source.fetch("in", 1))
        assert [one.offset for one in inbox.take()] == [offset]
    assert inbox.caught_up


def test_an_input_that_never_answered_keeps_the_others_waiting():
    inbox = Inbox(TOPICS[:2])
    inbox.put("in", Source({"in": log("in", [1])}).fetch("in", 1))
    inbox.put("aside", Fetched([], 0, 0, None, None))
    assert inbox.take() == []
    assert not inbox.caught_up
    assert inbox.wanted() == ["aside"]


def test_what_waits_is_no_silence():
    """A record held back: its input is at its end, yet not all is heard."""
    inbox = Inbox(TOPICS[:2])
    inbox.put("aside", Source({"aside": log("aside", [9])}).fetch("aside", 1))
    inbox.put("in", Source({"in": log("in", [1, 2])}).fetch("in", 1))
    assert [one.topic for one in inbox.take()] == ["in"]
    assert not inbox.caught_up
    assert inbox.ended() == []
    assert inbox.lag() == 2


def test_what_waits_is_forgotten_when_it_will_be_read_again():
    inbox = Inbox(TOPICS[:2])
    inbox.put("in", Source({"in": log("in", [1])}).fetch("in", 1))
    inbox.clear()
    assert inbox.first() is None
    assert inbox.wanted() == list(TOPICS[:2])
    assert inbox.lag() is None


@pytest.mark.parametrize(
    ("times", "aside_ms", "wall_ms"),
    [([80], 50, 80), ([80], 90, 90), ([80], 200, 100), ([], 50, 50), ([130], 50, 100)],
)
def test_the_wall_is_the_oldest_answer_or_what_a_newer_one_brought(
    times, aside_ms, wall_ms
):
    inbox = Inbox(TOPICS[:2])
    source = Source({"in": log("in", times), "aside": []})
    inbox.put("in", source.fetch("in", 1, START_MS + 100))
    inbox.put("aside", source.fetch("aside", 1, START_MS + aside_ms))
    assert inbox.wall_ms(inbox.take(), LATER_MS) == START_MS + wall_ms


def test_without_an_answer_the_wall_is_ours():
    assert Inbox(TOPICS).wall_ms([], 5) == 5


@given(TIMES, TIMES, st.integers(1, 5), st.integers(0, 20))
def test_nothing_waits_that_came_before_what_is_told_to_be_decided(
    one, other, most, turns
):
    one.sort()
    other.sort()
    source = Source({"in": log("in", one), "aside": log("aside", other)})
    inbox = Inbox(["in", "aside"])
    heard_ms = 0
    for _ in range(turns):
        for topic in inbox.wanted():
            inbox.put(topic, source.fetch(topic, most))
        taken = inbox.take()
        heard_ms = max([heard_ms, *(record.timestamp_ms for record in taken)])
    to_ms = inbox.decided_to_ms(heard_ms)
    done = {topic: source.upto[topic] for topic in source.logs}
    left = [
        record
        for topic, records in source.logs.items()
        for record in records[done[topic] :]
    ]
    waiting = [record for each in inbox._inputs.values() for record in each.records]
    assert all(record.timestamp_ms >= to_ms for record in (*left, *waiting))
    if turns and not left and not waiting:
        assert to_ms == LATER_MS
