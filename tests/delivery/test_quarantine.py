"""Care after a process ended without closing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle

from hypothesis import given
from hypothesis import strategies as st

from workers.delivery.inbox import Inbox
from workers.delivery.position import Attempt
from workers.delivery.quarantine import (
    attempt_at,
    care_after,
    care_at_end,
    care_past,
    is_suspect,
)
from workers.delivery.records import Record
from workers.delivery.source import Fetched

TURN = 8
END = 20


@dataclass
class Partition:
    """Two inputs, some of whose records kill who reads them; what a commit leaves."""

    deadly: set[tuple[str, int]]
    times: dict[str, list[int]]
    sizes: Iterator[int]
    """Of the fetches."""
    next: dict[str, int] = field(default_factory=lambda: {"in": 0, "aside": 0})
    open: bool = False
    attempt: Attempt | None = None
    quarantined: list[tuple[str, int]] = field(default_factory=list)
    decided: list[tuple[str, int]] = field(default_factory=list)

    def live(self) -> bool:
        """One process, to the end of the logs; False if it died."""
        care = care_after(self.attempt, self.next, TURN) if self.open else None
        inbox = Inbox(self.next)
        fetched = dict(self.next)
        while True:
            for topic in inbox.wanted():
                inbox.put(topic, self.fetch(topic, fetched))
            if care is not None:
                care = care_at_end(care, inbox.ended())
            single = care is not None and care.single
            suspect = care.suspect[0] if care is not None and care.suspect else None
            turn = inbox.take(1, suspect) if single else inbox.take()
            if not turn:
                if inbox.caught_up:
                    return True
                continue
            places = [(record.topic, record.offset) for record in turn]
            if care is not None and not is_suspect(care, turn[0]):
                self.attempt = attempt_at(care, self.next, turn[0])
            self.open = True
            if is_suspect(care, turn[0]):
                self.quarantined += places
            elif self.deadly & set(places):
                return False
            self.decided += places
            for topic, offset in places:
                self.next[topic] = offset + 1
            care = None if care is None else care_past(care, self.next)
            self.attempt = (
                None if care is None else attempt_at(care, self.next, inbox.first())
            )

    def fetch(self, topic: str, fetched: dict[str, int]) -> Fetched:
        first, end = fetched[topic], len(self.times[topic])
        upto = fetched[topic] = min(first + next(self.sizes), end)
        records = [
            Record(topic, 0, offset, self.times[topic][offset], b"k", b"")
            for offset in range(first, upto)
        ]
        return Fetched(records, first, upto, end, 0)


SIZES = st.lists(st.integers(1, TURN), min_size=1, max_size=60).map(cycle)
TIMES = st.fixed_dictionaries(
    {
        "in": st.lists(st.integers(0, 30), min_size=END, max_size=END),
        "aside": st.lists(st.integers(0, 30), max_size=END),
    }
)
PLACES = st.tuples(st.sampled_from(["in", "aside"]), st.integers(0, END - 1))


@given(st.sets(PLACES, max_size=4), TIMES, SIZES)
def test_the_deadly_records_are_quarantined_and_no_others(deadly, times, sizes):
    partition = Partition(deadly, times, sizes)
    lives = 1
    while not partition.live():
        lives += 1
        assert lives < 100
    there = {(topic, offset) for topic in times for offset in range(len(times[topic]))}
    assert sorted(partition.quarantined) == sorted(deadly & there)
    assert sorted(partition.decided) == sorted(there)


@given(st.integers(0, END - 1), TIMES, SIZES, st.data())
def test_one_deadly_record_ends_four_processes_whatever_comes_meanwhile(
    deadly, times, sizes, data
):
    partition = Partition({("in", deadly)}, times, sizes)
    deaths = 0
    while not partition.live():
        deaths += 1
        times["aside"] += data.draw(st.lists(st.integers(0, 30), max_size=3))
    assert deaths == 4
    assert partition.quarantined == [("in", deadly)]


NEXT = {"in": 5, "aside": 2}


def record(topic: str, offset: int) -> Record:
    return Record(topic, 0, offset, 0, b"k", b"")


def test_a_plain_kill_is_followed_by_turns_as_ever():
    care = care_after(None, NEXT, TURN)
    assert (care.single, care.suspect) == (False, None)
    assert care_past(care, {"in": 5 + TURN, "aside": 2 + TURN}) is None
    assert care_at_end(care, ["in", "aside"]) is None


def test_care_lasts_until_it_is_past_the_fatal_turn_in_each_input():
    care = care_after(None, NEXT, TURN)
    care = care_past(care, {"in": 5 + TURN, "aside": 3})
    assert care.until == {"aside": 2 + TURN}
    assert care_at_end(care, ["aside"]) is None


def test_at_the_end_of_the_log_there_is_no_mark_on_what_comes_next():
    care = care_past(care_after(Attempt("in", 5, 1), NEXT, TURN), {"in": 6, "aside": 2})
    assert care.single
    assert attempt_at(care, {"in": 6, "aside": 2}, None) is None
    assert attempt_at(care, NEXT, record("aside", 2)) == Attempt("aside", 2, 2)


def test_a_note_about_another_place_does_not_count():
    care = care_after(Attempt("in", 4, 2), NEXT, TURN)
    assert (care.single, care.suspect) == (False, None)


def test_a_process_killed_while_it_tried_a_record_alone_marks_no_record():
    care = care_after(Attempt("in", 5, 2), NEXT, TURN)
    assert not is_suspect(care, record("in", 5))
    assert attempt_at(care, NEXT, record("aside", 2)) == Attempt("aside", 2, 2)
    assert attempt_at(care, NEXT, record("in", 5)) == Attempt("in", 5, 3)
    assert attempt_at(care, {"in": 6, "aside": 2}, record("in", 6)).count == 2


def test_only_the_record_that_was_tried_alone_twice_is_suspect():
    care = care_after(Attempt("in", 5, 3), NEXT, TURN)
    assert is_suspect(care, record("in", 5))
    assert not is_suspect(care, record("aside", 2))
    assert care_past(care, {"in": 6, "aside": 2}).suspect is None
