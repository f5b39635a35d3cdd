"""Which marker ends which transaction of the coordinator's book."""

from tests.oracle.coordinator import Commit
from tests.oracle.dump import Dump, End, Log
from tests.oracle.fates import numbered

STATE, CUES = ("state", 0), ("cues", 0)
PRODUCER = 7


def dump(book, **ends):
    """Make a dump of these entries, and of markers at such times in each log.

    A time below 0 is that of an abort.
    """
    logs = {
        topic: (
            Log(
                topic,
                0,
                0,
                100,
                100,
                (),
                tuple(
                    End(
                        10 * place,
                        PRODUCER,
                        0,
                        "abort" if at_ms < 0 else "commit",
                        abs(at_ms),
                    )
                    for place, at_ms in enumerate(times)
                ),
                (),
            ),
        )
        for topic, times in ends.items()
    }
    commits = [Commit("one", PRODUCER, at_ms, logs) for at_ms, logs in book]
    return Dump(logs, {}, tuple(commits))


def test_each_marker_is_of_the_next_entry_over_its_log():
    book = [(100, (STATE,)), (200, (STATE, CUES))]
    assert numbered(dump(book, state=[101, 202], cues=[201])) == {
        ("state", 0, 0): 0,
        ("state", 0, 10): 1,
        ("cues", 0, 0): 1,
    }


def test_a_marker_that_is_written_twice_is_of_the_same_transaction():
    book = [(100, (STATE,)), (200, (STATE, CUES))]
    found = numbered(dump(book, state=[101, 150, 202], cues=[201]))
    assert found["state", 0, 10] == 0
    assert found["state", 0, 20] == found["cues", 0, 0] == 1


def test_an_entry_that_ended_nothing_is_passed_over():
    book = [(100, (STATE,)), (150, (STATE,)), (200, (STATE, CUES))]
    found = numbered(dump(book, state=[101, 202], cues=[201]))
    assert found["state", 0, 10] == found["cues", 0, 0] == 2


def test_an_entry_is_not_passed_over_for_one_that_is_not_over_its_logs():
    book = [(100, (STATE,)), (150, (STATE,)), (200, (CUES,))]
    found = numbered(dump(book, state=[101, 202], cues=[201]))
    assert found["state", 0, 10] == 1


def test_an_entry_is_passed_over_that_was_aborted_by_who_took_over():
    book = [(100, (STATE,)), (150, (STATE, CUES)), (200, (STATE,))]
    found = numbered(dump(book, state=[101, -160, 202], cues=[-160]))
    assert found["state", 0, 20] == 2


def test_an_entry_is_not_passed_over_that_was_aborted_in_part():
    book = [(100, (STATE,)), (150, (STATE, CUES)), (200, (STATE, CUES))]
    found = numbered(dump(book, state=[101, -160, 202], cues=[203]))
    assert found["state", 0, 20] == 1
