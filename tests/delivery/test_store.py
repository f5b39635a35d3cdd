"""States in memory and their deadlines."""

from hypothesis import given
from hypothesis import strategies as st

from workers.delivery.store import Store

KEYS = st.sampled_from([b"a", b"b", b"c", b"d"])
STATES = st.one_of(st.none(), st.integers(0, 20))


def deadline_of(state: int) -> int | None:
    return None if state % 7 == 0 else state


@given(st.lists(st.dictionaries(KEYS, STATES), max_size=30), st.integers(0, 25))
def test_due_is_what_a_search_through_all_states_finds(changes, until_ms):
    store = Store(deadline_of)
    states: dict[bytes, int] = {}
    for change in changes:
        store.apply(change)
        states |= {key: state for key, state in change.items() if state is not None}
        for key in [key for key, state in change.items() if state is None]:
            states.pop(key, None)
    deadlines = sorted(
        (deadline, key)
        for key, state in states.items()
        if (deadline := deadline_of(state)) is not None
    )
    assert store.due(until_ms) == [each for each in deadlines if each[0] <= until_ms]
    assert store.next_deadline_ms() == (deadlines[0][0] if deadlines else None)
    assert len(store) == len(states)


def test_moved_deadlines_do_not_pile_up():
    store = Store(deadline_of)
    for state in range(10_000):
        store.apply({b"a": state})
    assert len(store._heap) < 100


def test_a_turn_does_not_look_at_what_was_due_once_and_has_moved_since():
    store = Store(lambda state: state)
    streams = 1000
    store.apply({b"%d" % each: 1000 + each for each in range(streams)})
    for now in range(1000, 1000 + streams):  # each is heard before it is due
        store.apply({b"%d" % (now - 1000): now + streams})
        assert store.due(now) == []
        past = [each for each in store._heap if each[0] <= now]
        assert past == []
