"""Metrics of an agent: what they count is what was committed."""

import json
import re
import time
import urllib.error
import urllib.request
from collections import Counter

import prometheus_client
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as open_families,
)
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from schemas.codec import encode
from schemas.segment import CaptionSegment
from workers import counting, metrics, rejections, serving
from workers.agents.merge import MergeRules
from workers.core.lives import CaptionRules
from workers.delivery.decide import Work, decide
from workers.delivery.records import Record
from workers.delivery.store import Store
from workers.delivery.watchdog import Doing, Watchdog
from workers.health import Health

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
    counting.observe([(2, TURN)])
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
    counting.observe([(2, TURN), (2, TURN)])
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


def test_what_is_told_of_a_partition_goes_with_it():
    turns = metrics.TurnMetrics()
    turns.on_lag(7, 12, 1000)
    turns.on_state(7, 3, 4096)
    names = ("lag_records", "lag_seconds", "state_entries", "state_bytes")
    told = [value(f"captions_{name}", partition="7") for name in names]
    assert told[0::2] == [12, 3]
    assert told[1] > 1e9  # since 1970, nearly
    assert told[3] == 4096
    turns.on_closed(7)
    for name in names:
        place = (f"captions_{name}", {"partition": "7"})
        assert REGISTRY.get_sample_value(*place) is None


def test_lag_in_seconds_grows_by_itself_while_nothing_is_decided():
    turns = metrics.TurnMetrics()
    turns.on_lag(6, 0, int(time.time() * 1000))
    first = value("captions_lag_seconds", partition="6")
    time.sleep(0.02)
    assert value("captions_lag_seconds", partition="6") > first >= 0
    turns.on_closed(6)


def test_nothing_is_told_of_lag_in_seconds_before_anything_is_known():
    turns = metrics.TurnMetrics()
    turns.on_lag(5, 3, 0)
    place = ("captions_lag_seconds", {"partition": "5"})
    assert REGISTRY.get_sample_value(*place) is None
    turns.on_closed(5)


BREAKOUTS = [
    b'"} 1\nevil_total{a="',
    b"a\\",
    b"\n# HELP x",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\x00",
    "\u2028\u0085".encode(),
]


@given(
    st.lists(
        st.tuples(
            st.none() | st.binary(max_size=20) | st.sampled_from([*BREAKOUTS, b"a"]),
            st.none() | st.binary(max_size=60) | st.sampled_from(BREAKOUTS),
        )
        | st.tuples(
            st.just(b"a"),
            st.fixed_dictionaries(
                {
                    "stream_id": st.just("a"),
                    "text": st.text(max_size=20)
                    | st.sampled_from(["\ud800", '"}', "a\\", "\n# TYPE x"]),
                    "is_final": st.booleans(),
                    "speaker": st.text(max_size=9) | st.just('"} 1\n'),
                    "provider": st.text(max_size=9) | st.just('"} 1\n'),
                    "language": st.sampled_from(["en", '"}', "\ud800", "x" * 9]),
                }
            ).map(lambda one: json.dumps(one).encode()),
        ),
        max_size=6,
    )
)
def test_no_text_that_arrives_can_break_a_scrape_or_become_a_label(rows):
    counting.observe([(2, decided(*rows))])
    for exposition, parse in (
        (prometheus_client.generate_latest, text_string_to_metric_families),
        (openmetrics.generate_latest, open_families),
    ):
        families = list(parse(exposition(REGISTRY).decode()))
        for family in families:
            assert re.fullmatch(r"(captions|python|process)_\w+", family.name)
            for sample in family.samples:
                if family.name.startswith("captions_"):
                    for label in sample.labels.values():
                        assert re.fullmatch(r"[\w.+-]*", label, re.ASCII)


def test_a_cue_whose_rules_are_open_counts_when_it_comes_again():
    def spoken(text, start_s, end_s):
        segment = CaptionSegment(
            stream_id="a", text=text, is_final=True, start_s=start_s, end_s=end_s
        )
        return b"a", encode(segment)

    def counts():
        outcomes = {
            each: value("captions_cues_total", profile="web", outcome=each)
            for each in ("open", "kept", "broke")
        }
        rule = {"profile": "web", "rule": "min_duration_s"}
        broken = value("captions_cue_rules_broken_total", **rule)
        return Counter(outcomes) + Counter({"rules broken": broken})

    before = counts()
    counting.observe(
        [(2, decided(spoken("Yes.", 1.0, 1.2), spoken("We all went.", 3.0, 4.5)))]
    )
    assert counts() - before == {"open": 1, "kept": 2}


@pytest.fixture
def served():
    health = Health(30.0, Standing())
    server = serving.serve("merge", "127.0.0.1", 0, health)
    yield health, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Standing:
    def __init__(self):
        self.seconds = {}

    def lag_seconds(self):
        return self.seconds


def asked(base, path):
    try:
        with urllib.request.urlopen(base + path) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_only_what_is_meant_is_served_so_that_no_probe_passes_by_chance(served):
    _, base = served
    assert b"captions_segments_total" in asked(base, "/metrics")[1]
    for path in ("/", "/health", "/metrics/x", "/ready/", "/live?x/../ready/"):
        assert asked(base, path.partition("?")[0])[0] == (
            404 if path[:5] != "/live" else 200
        )


def test_a_process_is_not_ready_while_it_starts_restores_waits_or_stops(served):
    health, base = served
    assert asked(base, "/ready") == (
        503,
        b'{"ready":false,"reasons":["starting"]}\n',
    )
    health.watchdog = Watchdog(60.0)
    for doing in Doing:
        health.watchdog.beat(doing)
        status, said = asked(base, "/ready")
        assert (status == 200) == doing.is_work == json.loads(said)["ready"]
        assert value("captions_ready") == doing.is_work
        assert asked(base, "/live")[0] == 200
    health.watchdog.beat(Doing.RESTORING)
    metrics.RESTORING.set(12)
    assert b"restoring state: 12 records to be read" in asked(base, "/ready")[1]
    metrics.RESTORING.set(0)


def test_a_process_is_not_ready_while_a_partition_of_it_is_behind(served):
    health, base = served
    health.watchdog = Watchdog(60.0)
    health.watchdog.beat(Doing.FETCHING)
    health.partitions.seconds = {0: 0.2, 3: 31.0, 4: 95.4}
    status, said = asked(base, "/ready")
    assert status == 503
    assert json.loads(said)["reasons"] == [
        "2 of 3 partitions are more than 30 s behind, partition 4 by 95 s"
    ]
    health.partitions.seconds = {0: 0.2, 3: 30.0}
    assert asked(base, "/ready")[0] == 200


def test_a_process_in_which_nothing_moves_is_neither_alive_nor_ready(served):
    health, base = served
    health.watchdog = Watchdog(0.01)
    health.watchdog.beat(Doing.DECIDING)
    time.sleep(0.05)
    for path in ("/live", "/ready"):
        status, said = asked(base, path)
        assert status == 503
        assert b"nothing has moved for 0 s: deciding and committing" in said
