"""Care after a process ended without closing: with real partitions, but no Kafka."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from types import SimpleNamespace
from typing import Any
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from tests.delivery.toy import ToyRules
from workers.delivery import partition as partition_module
from workers.delivery.clients import Connection
from workers.delivery.decide import Work, decide
from workers.delivery.partition import Partition
from workers.delivery.position import POSITION_KEY, Position, decode_position
from workers.delivery.quarantine import Care, care_after, care_at_end, care_past
from workers.delivery.records import Record
from workers.delivery.rehearsal import Rehearsed
from workers.delivery.settings import TurnSettings
from workers.delivery.source import Fetched

TURN = 8
END = 20
SETTINGS = TurnSettings(
    group="g", input_topics=("in", "aside"), state_topic="state", max_records=TURN
)


class KilledError(Exception):
    """Ends a process of these tests, whoever did it."""


class LetGoError(Exception):
    """Ends a process of these tests that has closed its partition."""


class DeadlyRules(ToyRules):
    """The toy's, but that a record kills without ending the tests."""

    def on_record(self, state: Any, record: Record, now_ms: int) -> Any:
        if record.value == b"kill":
            raise MemoryError  # passes all that catches what a step raises
        return super().on_record(state, record, now_ms)


@dataclass
class Kafka:
    """Two inputs, what was committed, and who kills from outside when."""

    deadly: set[tuple[str, int]]
    times: dict[str, list[int]]
    sizes: Iterator[int]
    """Of the fetches."""
    kills: Iterator[bool] = field(default_factory=lambda: cycle([False]))
    """Whether at the next of all moments a process is killed from outside."""
    position: Position | None = None
    quarantined: list[tuple[str, int]] = field(default_factory=list)
    decided: list[tuple[str, int]] = field(default_factory=list)
    apart: int = 1
    """From one record's offset to the next one's; what lies between are markers."""
    skipped: set[int] = field(default_factory=set)
    """Records of the first input, by number."""
    stops: Iterator[int] = field(default_factory=lambda: cycle([10**9]))
    """After how many turns each process is asked to let go of its partitions."""
    deaths: int = 0
    """Of those that a record has ended."""

    def fetch(self, topic: str, fetched: dict[str, int]) -> Fetched:
        first_offset = fetched[topic]
        first = -(-first_offset // self.apart)
        end = len(self.times[topic])
        upto = min(first + next(self.sizes), end)
        fetched[topic] = upto * self.apart
        records = [self.record(topic, number) for number in range(first, upto)]
        end_offset = end * self.apart
        return Fetched(records, first_offset, fetched[topic], end_offset, 100)

    def record(self, topic: str, number: int) -> Record:
        value = b"kill" if (topic, number) in self.deadly else b"say"
        skip = topic == "in" and number in self.skipped
        headers = (("skip", b"1"),) if skip else ()
        time_ms, offset = self.times[topic][number], number * self.apart
        return Record(topic, 0, offset, time_ms, b"k", value, headers)

    def moment(self) -> None:
        if next(self.kills):
            raise KilledError

    async def write(self, rows: dict[str, Any]) -> None:
        self.moment()
        (row,) = (row for row in rows["state"] if row.key == POSITION_KEY)
        self.position = decode_position(row.value)
        self.moment()

    async def rehearse(self, step: Any, *_: float) -> Rehearsed:
        told = [0]
        self.moment()
        try:
            step(lambda index: told.__setitem__(0, index))
        except MemoryError:
            return Rehearsed(died_at=told[0])
        self.moment()
        return Rehearsed(lived=True)

    async def live(self) -> None:
        """Be one process, to the end of the logs or until it is asked to let go."""
        turns = next(self.stops)
        kafka = Connection(bootstrap="127.0.0.1:1")
        one: Partition[Any] = Partition(0, DeadlyRules(), SETTINGS, kafka)
        await one.stop()
        one._transactions = SimpleNamespace(write=self.write)
        one.load({}, self.position, {}, {"in": 0, "aside": 0})
        fetched = dict(one.next_offsets)
        while True:
            if turns == 0:
                await one.close()
                raise LetGoError
            for topic in one.inbox.wanted():
                one.receive(topic, self.fetch(topic, fetched))
            work = one.work(100)
            if work is None:
                if one.inbox.caught_up:
                    return
                continue
            work = await one.prepare(work, 100, lambda: None)
            self.moment()
            await self.decide(one, work)
            turns -= 1

    async def decide(self, one: Partition[Any], work: Work[Any]) -> None:
        try:
            decided = decide(one._rules, work)
        except MemoryError:
            self.deaths += 1
            raise KilledError from None
        places = [(each.topic, each.offset // self.apart) for each in work.records]
        unread = {
            (each.topic, each.offset // self.apart) for each in decided.rejections
        }
        before = self.position
        try:
            await one.commit(work, decided)
        finally:
            if self.position is not before:
                self.quarantined += [each for each in places if each in unread]
                self.decided += places

    def run(self) -> int:
        """Start processes until one comes to the end; return how many it took."""
        lives = 0
        with mock.patch.object(partition_module, "rehearse", self.rehearse):
            while True:
                lives += 1
                assert lives < 2000
                try:
                    asyncio.run(self.live())
                except (KilledError, LetGoError):
                    continue
                return lives

    def there(self) -> set[tuple[str, int]]:
        return {(topic, at) for topic in self.times for at in range(self.end(topic))}

    def end(self, topic: str) -> int:
        return len(self.times[topic])


SIZES = st.lists(st.integers(1, TURN), min_size=1, max_size=60).map(cycle)
TIMES = st.fixed_dictionaries(
    {
        "in": st.lists(st.integers(0, 30), min_size=END, max_size=END),
        "aside": st.lists(st.integers(0, 30), max_size=END),
    }
)
PLACES = st.tuples(st.sampled_from(["in", "aside"]), st.integers(0, END - 1))
KILLS = st.lists(st.booleans(), max_size=150).map(lambda some: iter([*some, *NONE]))
"""As often as one likes, and then no more."""
NONE = [False] * 20_000


@given(st.sets(PLACES, max_size=4), TIMES, SIZES, KILLS)
def test_the_deadly_records_are_quarantined_and_no_others_whoever_kills_when(
    deadly, times, sizes, kills
):
    kafka = Kafka(deadly, times, sizes, kills)
    kafka.run()
    assert sorted(kafka.quarantined) == sorted(deadly & kafka.there())
    assert sorted(kafka.decided) == sorted(kafka.there())


@given(
    st.integers(0, END - 1),
    TIMES,
    SIZES,
    st.integers(1, 4),
    st.sets(st.integers(0, END - 1)),
)
def test_one_deadly_record_ends_one_process(deadly, times, sizes, apart, skipped):
    skipped.discard(deadly)
    kafka = Kafka({("in", deadly)}, times, sizes, apart=apart, skipped=skipped)
    assert kafka.run() == 2
    assert kafka.deaths == 1
    assert kafka.quarantined == [("in", deadly)]


@given(
    st.integers(0, END - 1),
    TIMES,
    SIZES,
    st.lists(st.integers(0, 4), max_size=6).map(lambda some: [*some, 10**9]),
)
def test_who_lets_go_leaves_the_care_to_the_next_owner(deadly, times, sizes, stops):
    """As when the process that a record has ended comes back and gets its share."""
    kafka = Kafka({("in", deadly)}, times, sizes, stops=iter([10**9, *stops]))
    kafka.run()
    assert kafka.deaths == 1
    assert kafka.quarantined == [("in", deadly)]


@given(TIMES)
def test_who_has_read_all_and_lets_go_leaves_no_care(times):
    kafka = Kafka(set(), times, cycle([END]), stops=iter([1, 10**9]))
    kafka.position = Position(open=True)
    assert kafka.run() == 2
    assert sorted(kafka.decided) == sorted(kafka.there())
    assert not kafka.position.open


def test_care_is_not_past_before_skipped_records_the_position_has_not_told_of():
    times = {"in": [0] * END, "aside": []}
    skipped = set(range(2 * TURN))
    kafka = Kafka({("in", END - 1)}, times, cycle([TURN]), skipped=skipped)
    assert kafka.run() == 2
    assert kafka.quarantined == [("in", END - 1)]


@given(TIMES, SIZES)
def test_who_is_killed_at_every_second_moment_loses_no_record(times, sizes):
    kafka = Kafka(set(), times, sizes, iter([*[False, True] * 200, *NONE]))
    kafka.run()
    assert kafka.quarantined == []


@given(TIMES, SIZES)
def test_a_child_that_dies_whatever_it_reads_accuses_no_record(times, sizes):
    """As where the machine has no memory left; then the control dies as well."""
    kafka = Kafka(set(), times, sizes)
    kafka.position = Position(open=True)

    async def dies(*_: object) -> Rehearsed:
        return Rehearsed(died_at=0)

    kafka.rehearse = dies
    assert kafka.run() == 1
    assert kafka.quarantined == []


TOPICS = ("in", "aside")


def test_care_lasts_until_it_is_past_the_fatal_turn_in_each_input():
    care = care_after(TOPICS, TURN)
    assert care_past(care, {"in": TURN, "aside": TURN}) is None
    assert care_at_end(care, TOPICS) is None
    care = care_past(care, {"in": TURN, "aside": 1})
    assert care == Care({"aside": TURN - 1})
    assert care_past(care, {"in": 5}) == care
    assert care_at_end(care, ["aside"]) is None
