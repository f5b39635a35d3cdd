"""``doctor``: what is wrong is found, each with what to do about it."""

import asyncio
import json
import socket
import time
import uuid

import pytest
from typer.testing import CliRunner

from schemas.codec import encode
from schemas.segment import CaptionSegment
from workers import serving
from workers.app import connection, prepare
from workers.cli.main import app
from workers.delivery.watchdog import Doing, Watchdog
from workers.health import Health
from workers.settings import Settings


@pytest.fixture
def asked(monkeypatch):
    monkeypatch.setenv("CAPTION_MERGE_METRICS_PORT", "0")
    monkeypatch.setenv("CAPTION_TOPICS_METRICS_PORT", "0")

    def ask(*options):
        """Return exit code and findings, by check."""
        done = CliRunner().invoke(app, ["doctor", "--json", *options])
        found = json.loads(done.stdout)
        for one in found:
            assert bool(one["fix"]) == (one["status"] in ("warning", "fault"))
        return done.exit_code, found

    return ask


def of(found, check):
    (one,) = (one for one in found if one["check"] == check)
    return one


async def send(settings, *rows):
    producer = connection(settings).producer()
    await producer.start()
    try:
        for key, value, timestamp_ms, *headers in rows:
            await producer.send_and_wait(
                f"{settings.prefix}.segments.v1",
                key=key,
                value=value,
                timestamp_ms=timestamp_ms,
                headers=headers,
            )
    finally:
        await producer.stop()


def test_a_kafka_is_examined_from_before_its_topics_to_its_newest_segments(
    kafka, asked
):
    prefix = f"doctor-{uuid.uuid4().hex[:8]}"
    settings = Settings(broker=kafka.bootstrap, prefix=prefix, partitions=2)
    options = ("--broker", kafka.bootstrap, "--prefix", prefix)
    code, found = asked(*options)
    assert code == 2
    missing = of(found, "Kafka topics")
    assert missing["status"] == "fault"
    assert "caption-worker topics" in missing["fix"]
    assert of(found, "transactions of merge")["status"] == "ok"
    assert of(found, "group of topics")["status"] == "ok"
    assert of(found, "segments")["status"] == "skipped"

    asyncio.run(prepare(settings))
    code, found = asked(*options)
    assert code == 0
    assert of(found, "Kafka topics")["status"] == "ok"
    assert of(found, "reading of merge")["said"] == "3 Kafka topics may be read"
    assert "1 copy" in of(found, "copies")["said"]
    assert of(found, "copies")["status"] == "warning"

    now_ms = int(time.time() * 1000)
    good = encode(CaptionSegment(stream_id="a", text="yes", is_final=True))
    ahead = (b"a", good, now_ms + 3_600_000)
    forgets = (b"a", None, now_ms, ("forget", b"true"))
    asyncio.run(send(settings, (b"a", good, now_ms), forgets))
    code, found = asked(*options)
    assert of(found, "segments")["status"] == "ok", "a stream may be forgotten"
    asyncio.run(send(settings, (b"a", b"{", now_ms), (b"a", None, now_ms), ahead))
    code, found = asked(*options)
    assert code == 2
    assert of(found, "clock")["status"] == "fault"
    assert "NTP" in of(found, "clock")["fix"]
    wrong = of(found, "segments")
    assert wrong["said"].endswith("5 some cannot be used: 1 not_json, 1 null_value")
    assert wrong["status"] == "warning"


def test_without_a_kafka_only_this_machine_is_examined(asked):
    code, found = asked("--broker", "127.0.0.1:1")
    assert code == 2
    assert [one["check"] for one in found if one["status"] == "fault"] == ["broker"]
    assert of(found, "Kafka topics")["status"] == "skipped"
    code, found = asked("--broker", "127.0.0.1:1", "--offline")
    assert code == 0
    assert {one["status"] for one in found} == {"ok"}


def test_wrong_settings_are_all_told_at_once(asked, monkeypatch):
    monkeypatch.setenv("CAPTION_PARTITIONS", "none")
    monkeypatch.setenv("CAPTION_BROKERS", "kafka:9092")
    monkeypatch.setenv("CAPTION_MERGE_METRICS_PORT", "9500")
    monkeypatch.setenv("CAPTION_TOPICS_METRICS_PORT", "9500")
    code, found = asked()
    assert code == 2
    said = " ".join(one["said"] for one in found)
    assert {one["check"] for one in found} == {"settings"}
    for name in ("PARTITIONS", "BROKERS", "TOPICS_METRICS_PORT"):
        assert f"CAPTION_{name}" in said


def test_a_port_that_somebody_has_is_told_with_the_setting_that_moves_it(
    asked, monkeypatch
):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        monkeypatch.setenv("CAPTION_MERGE_METRICS_PORT", port)
        monkeypatch.setattr("workers.cli.doctor.here._ANSWER_S", 0.2)
        code, found = asked("--offline")
    assert code == 2
    assert "CAPTION_MERGE_METRICS_PORT" in of(found, "port of merge")["fix"]


def test_of_an_agent_that_has_its_port_it_is_told_whether_it_is_ready(
    asked, monkeypatch
):
    health = Health(30.0)
    server = serving.serve("merge", "127.0.0.1", 0, health)
    try:
        monkeypatch.setenv("CAPTION_MERGE_METRICS_PORT", str(server.server_port))
        code, found = asked("--offline")
        assert code == 0
        assert "not ready: starting" in of(found, "port of merge")["said"]
        health.watchdog = Watchdog(60)
        health.watchdog.beat(Doing.FETCHING)
        assert of(asked("--offline")[1], "port of merge")["status"] == "ok"
    finally:
        server.shutdown()
        server.server_close()


def test_for_people_each_finding_is_a_line_and_each_fix_another(monkeypatch):
    monkeypatch.setenv("CAPTION_MERGE_METRICS_PORT", "0")
    monkeypatch.setenv("CAPTION_TOPICS_METRICS_PORT", "0")
    done = CliRunner().invoke(app, ["doctor", "--broker", "127.0.0.1:1"])
    assert done.exit_code == 2
    lines = done.stdout.splitlines()
    place = next(at for at, line in enumerate(lines) if line.startswith("✗ broker"))
    assert lines[place + 1].startswith("  → set CAPTION_BROKER")
    assert lines[-1].endswith("looked at, 1 wrong, 0 to note")
