"""Care after a process ended without closing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle

from hypothesis import given
from hypothesis import strategies as st

from workers.delivery.position import Attempt
from workers.delivery.quarantine import care_after, care_at_end, care_past

TURN = 8


@dataclass
class Partition:
    """A log that some of its records kill who reads them; what a commit leaves."""

    deadly: set[int]
    end: int
    sizes: Iterator[int]
    """Of the turns: records fall into them as fetches bring them."""
    next_offset: int = 0
    open: bool = False
    attempt: Attempt | None = None
    quarantined: list[int] = field(default_factory=list)

    def live(self) -> bool:
        """One process, to the end of the log; False if it died."""
        care = None
        if self.open:
            care = care_after(self.attempt, self.next_offset, TURN)
        while self.next_offset < self.end:
            size = 1 if care is not None and care.single else next(self.sizes)
            turn = range(self.next_offset, min(self.next_offset + size, self.end))
            if not self.open or (care is not None and not care.noted):
                self.open, self.attempt = True, None if care is None else care.attempt
            if care is not None and care.quarantine:
                self.quarantined.append(turn[0])
            elif self.deadly & set(turn):
                return False
            self.next_offset = turn[-1] + 1
            care = None if care is None else care_past(care, self.next_offset)
            self.attempt = None if care is None else care.attempt
        return True


SIZES = st.lists(st.integers(1, TURN), min_size=1, max_size=60).map(cycle)


@given(st.sets(st.integers(0, 39), max_size=4), st.integers(1, 40), SIZES)
def test_the_deadly_records_are_quarantined_and_no_others(deadly, end, sizes):
    partition = Partition(deadly, end, sizes)
    lives = 1
    while not partition.live():
        lives += 1
        assert lives < 100
    assert partition.quarantined == sorted(each for each in deadly if each < end)


@given(st.integers(0, 39), SIZES)
def test_one_deadly_record_ends_three_processes_however_turns_fall(deadly, sizes):
    partition = Partition({deadly}, 40, sizes)
    deaths = 0
    while not partition.live():
        deaths += 1
    assert deaths == 3


def test_a_plain_kill_is_followed_by_a_turn_as_ever():
    care = care_after(None, 5, TURN)
    assert (care.single, care.quarantine, care.noted) == (False, False, False)
    assert care_past(care, 5 + TURN) is None
    assert care_at_end(care, 6, TURN) is None


def test_at_the_end_of_the_log_a_noted_attempt_is_no_mark_on_what_comes_next():
    care = care_past(care_after(Attempt(5, 1), 5, TURN), 6)
    assert care.attempt == Attempt(6, 2)
    fresh = care_at_end(care, 6, TURN)
    assert (fresh.attempt, fresh.noted) == (Attempt(6, 1), False)


def test_a_note_about_another_place_does_not_count():
    assert care_after(Attempt(4, 2), 5, TURN).attempt == Attempt(5, 1)
