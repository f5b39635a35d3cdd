"""When the log tells that an agent is ready, and when that it is not any more."""

from workers.readiness import _HELD, Readiness

WHY = ["waiting for partitions"]


def told(*looks):
    """Return the places of the looks after which a change is told."""
    readiness = Readiness()
    return [place for place, why in enumerate(looks) if readiness.changed(why)]


def test_the_first_time_of_being_ready_is_told_at_once_and_what_was_before_is_not():
    assert told(WHY, WHY, *[WHY] * _HELD, [], [], []) == [2 + _HELD]


def test_a_change_is_told_once_it_has_held():
    assert told([], *[WHY] * _HELD * 3, *[[]] * _HELD) == [0, _HELD, 4 * _HELD]


def test_what_goes_to_and_fro_is_not_told():
    assert told([], *[*[WHY] * (_HELD - 1), []] * 5) == [0]
