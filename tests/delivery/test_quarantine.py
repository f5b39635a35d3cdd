"""Care after a process ended without closing."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from workers.delivery.position import Attempt
from workers.delivery.quarantine import care_after, care_past

TURN = 8


@dataclass
class Partition:
    """A log that some of its records kill who reads them; what a commit leaves."""

    deadly: set[int]
    end: int
    next_offset: int = 0
    attempt: Attempt | None = None
    quarantined: list[int] = field(default_factory=list)
    tried: list[int] = field(default_factory=list)

    def live(self) -> bool:
        """One process, from an unclean start; False if it died."""
        care = care_after(self.attempt, self.next_offset, TURN)
        while self.next_offset < self.end:
            size = 1 if care is not None and care.single else TURN
            turn = range(self.next_offset, min(self.next_offset + size, self.end))
            if care is not None and not care.noted:
                self.attempt = care.attempt
            if care is not None and care.quarantine:
                self.quarantined.append(turn[0])
            elif self.deadly & set(turn):
                self.tried += turn
                return False
            self.next_offset = turn[-1] + 1
            care = None if care is None else care_past(care, self.next_offset)
            self.attempt = None if care is None else care.attempt
        return True


@given(st.sets(st.integers(0, 39), max_size=4), st.integers(1, 40))
def test_the_deadly_records_are_quarantined_and_no_others(deadly, end):
    partition = Partition(deadly, end)
    lives = 1
    while not partition.live():
        lives += 1
        assert lives < 100
    assert partition.quarantined == sorted(each for each in deadly if each < end)


@given(st.integers(0, 39))
def test_one_deadly_record_takes_at_most_three_processes(deadly):
    partition = Partition({deadly}, 40)
    deaths = 0
    while not partition.live():
        deaths += 1
    assert deaths <= 3


def test_a_plain_kill_is_followed_by_a_turn_as_ever():
    care = care_after(None, 5, TURN)
    assert (care.single, care.quarantine, care.noted) == (False, False, False)
    assert care_past(care, 9) is None


def test_a_note_about_another_place_does_not_count():
    assert care_after(Attempt(4, 2), 5, TURN).attempt == Attempt(5, 1)
