"""What the oracle finds wrong: one name for each way of breaking the promise."""

from typing import Final, NamedTuple

KINDS: Final = {
    # O1: outputs against what the rules decide
    "lost": "an output that the rules decide is not there",
    "doubled": "an output is there more often than the rules decide it",
    "phantom": "an output is there that the rules never decide",
    "altered": "an output differs in one field from what the rules decide",
    "out_of_order": "all outputs are there, in another order",
    "wrong_partition": "an output is in another partition number than its input",
    # O2 and O3: transactions
    "hanging": "a transaction was never ended, so readers stop before it",
    "outside_transaction": "a record was written outside of any transaction",
    "torn": "outputs and position of a turn are not in one transaction",
    "stranger": "two producers write to one partition number",
    "zombie": "an older epoch has committed after a newer one",
    "aborted_read": "readers of committed records get one that was aborted",
    "committed_unread": "readers of committed records do not get one of them",
    # O4 and O6: input and position
    "undecided": "the position ends before the input does",
    "position_back": "a position is behind the one before it",
    "position_past_end": "a position is past the end of the input",
    "clock": "the time of a position is not what its turn gives",
    "group_ahead": "the group's offset is ahead of the position",
    "group_back": "the group's offset went back",
    # O5: the states
    "state_lost": "a state that changed was not written",
    "state_phantom": "a state was written that did not change",
    "state_altered": "a state was written that is not what the rules decide",
    "state_kept": "a key ended and has no tombstone",
    "state_unplaced": "states were written without a position",
    # O7: rejected records against what was sent
    "poison_passed": "a record that cannot be used was not rejected",
    "poison_doubled": "a record was rejected more than once",
    "poison_altered": "a rejected record is not as it came, or names another reason",
    "good_rejected": "a record was rejected that can be used",
    # O3: readers during the run
    "reader_back": "a reader during the run got a record again, or out of order",
    "reader_aborted": "a reader during the run got a record that was never committed",
    "reader_gap": "a reader during the run missed a committed record",
}


class Violation(NamedTuple):
    """One thing that is wrong; the first of its kind at its place."""

    kind: str
    where: str
    """Kafka topic and partition number."""
    what: str

    def __str__(self) -> str:
        """Tell it in a line."""
        return f"{self.kind}: {self.where}: {self.what}"


def found(kind: str, where: object, what: str) -> Violation:
    """Make a violation of a known kind."""
    assert kind in KINDS, kind
    return Violation(kind, str(where), what[:1000])
