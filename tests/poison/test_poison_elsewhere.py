"""The poison corpus where it was not made for: corrections, recognisers, captions."""

import pytest

from tests.agents.recorded_states import SETTINGS
from tests.poison.corpus import CORPUS
from workers.adapters.providers.registry import PROVIDERS
from workers.app import adapt_rules, merge_rules, topic_rules
from workers.delivery.decide import Work, decide
from workers.delivery.records import Record
from workers.delivery.store import Store

START_MS = 1_800_000_000_000
MERGE = merge_rules(SETTINGS)
ENTRIES = [poison for poison in CORPUS if poison.over_kafka]


def reasons(rules, topic):
    """Decide the first record of each entry; return why which were rejected."""
    rows = [poison.rows[0] for poison in ENTRIES]
    log = [
        Record(topic, 0, at, START_MS + at, key, value, headers)
        for at, (key, value, headers) in enumerate(rows)
    ]
    work = Work(0, Store(rules.deadline_ms), log, 0, START_MS + 2**40, caught_up=False)
    return {ENTRIES[one.offset].name: one for one in decide(rules, work).rejections}


def test_as_a_correction_all_of_it_is_rejected_and_nothing_fails():
    found = reasons(MERGE, MERGE.corrections)
    assert len(found) == len(ENTRIES)
    assert "failed" not in {one.reason for one in found.values()}


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
def test_as_a_message_of_a_recogniser_it_is_passed_over_or_rejected(provider):
    rules = adapt_rules(SETTINGS, provider)
    found = reasons(rules, rules.input)
    assert {one.reason for one in found.values()} <= {
        "null_key",
        "null_value",
        "not_json",
        "invalid",
        "reserved_key",
        "header_name",
    }
    assert {"A1", "A12", "G1", "G9"} <= found.keys()


def test_as_a_caption_all_of_it_is_rejected_and_nothing_fails():
    rules = topic_rules(SETTINGS)
    found = reasons(rules, rules.input)
    assert len(found) == len(ENTRIES)
    assert "failed" not in {one.reason for one in found.values()}
