"""Metrics of an agent: what they count is what was committed."""

import urllib.error
import urllib.request
from collections import Counter

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from schemas.codec import encode
from schemas.segment import CaptionSegment
from workers import metrics, rejections
from workers.agents.merge import MergeRules
from workers.core.captioning import CaptionRules
from workers.delivery.decide import Work, decide
from workers.delivery.records import Record
from workers.delivery.store import Store

RULES = MergeRules(CaptionRules(), "captions")


def said(text, epoch=0):
    segment = CaptionSegment(stream_id="a", text=text, is_final=True, epoch=epoch)
    return b"a", encode(segment)


def decided(*rows):
    records = [
        Record("captions.segments.v1", 2, 40 + offset, 1000, key, value)
        for offset, (key, value) in enumerate(rows)
    ]
    store = Store(RULES.deadline_ms)
    return decide(RULES, Work(2, store, records, 0, 1000, caught_up=True))


TURN = decided(
    said("The new one.", epoch=3),
    (b"a", b"{"),
    said("The old one.", epoch=1),
    said("An older one.", epoch=0),
    (None, b"{}"),
)


def value(name, **labels):
    return REGISTRY.get_sample_value(name, labels) or 0


def test_rejected_records_are_counted_whoever_rejects_them():
    reasons = ("not_json", "old_epoch", "null_key")
    before = {each: value("captions_rejected_total", reason=each) for each in reasons}
    metrics.observe([TURN])
    counted = {
        each: value("captions_rejected_total", reason=each) - before[each]
        for each in reasons
    }
    written = Counter(
        dict(output.headers)["rejected_reason"].decode()
        for _, output in TURN.outputs
        if output.topic == "captions.rejected.v1"
    )
    assert counted == written == {"not_json": 1, "old_epoch": 2, "null_key": 1}


def test_events_are_counted_by_what_is_written():
    types = Counter(
        dict(output.headers)["ce_type"].decode().removeprefix("captions.")
        for _, output in TURN.outputs
    )
    before = {each: value("captions_events_total", type=each) for each in types}
    metrics.observe([TURN, TURN])
    for each, count in types.items():
        assert value("captions_events_total", type=each) - before[each] == 2 * count


def test_the_log_has_a_line_a_reason_and_nothing_of_what_was_said():
    with capture_logs() as lines:
        rejections.warn([TURN])
    assert {(line["reason"], line["records"], line["first"]) for line in lines} == {
        ("not_json", 1, "captions.segments.v1-2@41"),
        ("old_epoch", 2, "captions.segments.v1-2@42"),
        ("null_key", 1, "captions.segments.v1-2@44"),
    }
    assert "old one" not in repr(lines)


def test_a_refused_record_says_what_is_wrong_and_not_what_was_said():
    errors = [
        dict(output.headers)["rejected_error"]
        for _, output in TURN.outputs
        if output.topic == "captions.rejected.v1"
    ]
    assert b"epoch 1 is older than 3" in errors
    assert not any(b"old one" in error for error in errors)


def test_the_lag_of_a_partition_goes_with_it():
    turns = metrics.TurnMetrics()
    turns.on_lag(7, 12)
    assert value("captions_lag_records", partition="7") == 12
    turns.on_closed(7)
    assert REGISTRY.get_sample_value("captions_lag_records", {"partition": "7"}) is None


def test_only_metrics_are_served_so_that_no_probe_passes_by_chance():
    server = metrics.serve("merge", "127.0.0.1", 0)
    try:
        base = f"http://127.0.0.1:{server.server_port}"
        with urllib.request.urlopen(f"{base}/metrics") as answer:
            assert b"captions_segments_total" in answer.read()
        for path in ("/", "/health", "/metrics/x"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(base + path)
    finally:
        server.shutdown()
        server.server_close()
