"""Each entry of the poison corpus through the rules, without Kafka."""

import pytest

from tests.poison.corpus import CORPUS
from tests.poison.poison import ACCEPTED, good
from workers.app import merge_rules
from workers.delivery.decide import Work, decide
from workers.delivery.records import Record
from workers.delivery.store import Store
from workers.settings import Settings

RULES = merge_rules(Settings())
START_MS = 1_800_000_000_000
STATE_BYTES = 64 * 1024


def records(rows, first=0):
    return [
        Record(RULES.input, 0, first + at, START_MS + at, *row)
        for at, row in enumerate(rows)
    ]


def decided(log):
    store = Store(RULES.deadline_ms)
    return decide(RULES, Work(0, store, log, 0, START_MS + 2**40, caught_up=False))


def test_no_name_is_given_twice():
    assert len({each.name for each in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("poison", CORPUS, ids=str)
def test_each_record_becomes_what_it_has_to_and_costs_no_neighbour(poison):
    neighbours = [
        (b"good", good("", stream_id="good", start_s=2.0 * at, end_s=2.0 * at + 1))
        for at in range(2)
    ]
    log = records([neighbours[0], *poison.rows, neighbours[1]])
    found = decided(log)
    accepted = poison.becomes == ACCEPTED
    assert [(one.offset, one.reason) for one in found.rejections] == [
        (1 + at, poison.becomes) for at in range(len(poison.rows)) if not accepted
    ]
    alone = decided([log[0], log[-1]])
    assert _of(found, b"good") == _of(alone, b"good")
    assert found.changes[b"good"] == alone.changes[b"good"]
    for state in found.changes.values():
        assert len(RULES.encode_state(state)) <= STATE_BYTES


def _of(found, key):
    """Return what was said of a stream, but for the time, which all streams share."""
    return [
        (output.topic, output.value, dict(output.headers)["ce_id"])
        for _, output in found.outputs
        if output.key == key
    ]
