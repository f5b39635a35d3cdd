"""A log of records, decided in turns as delivery would."""

import itertools

from workers.delivery.decide import Work, decide
from workers.delivery.store import Store


def run(rules, records, cuts=(), *, restore=False):
    """Decide records in turns cut at *cuts*; return all outputs and the states."""
    store = Store(rules.deadline_ms)
    clock_ms, outputs, states = 0, [], {}
    places = sorted({0, len(records), *cuts})
    for first, end in itertools.pairwise(places):
        work = Work(0, store, records[first:end], clock_ms, 2**62, caught_up=False)
        decided = decide(rules, work)
        outputs += decided.outputs
        clock_ms = decided.clock_ms
        store.apply(decided.changes)
        for key, state in decided.changes.items():
            states[key] = None if state is None else rules.encode_state(state)
        if restore:
            store = Store(rules.deadline_ms)
            store.apply(
                {
                    key: rules.decode_state(rules.state_version, state)
                    for key, state in states.items()
                    if state is not None
                }
            )
    return outputs, {key: state for key, state in states.items() if state is not None}
