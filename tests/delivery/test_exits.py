"""How a process ends, and the thread that ends it."""

import os
import subprocess
import sys
import time

import pytest
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    InvalidTimestampError,
    KafkaError,
    KafkaStorageError,
    ProducerFenced,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
    UnknownTopicOrPartitionError,
)

from workers.delivery.clients import Connection
from workers.delivery.exits import (
    Exit,
    PositionError,
    UnknownStateVersionError,
    exit_for,
)
from workers.delivery.position import Position, decode_position, encode_position
from workers.delivery.versions import WrongVersionError, check_versions
from workers.delivery.watchdog import Watchdog


def caused_by(cause: BaseException) -> BaseException:
    error = KafkaError("unexpected error during batch delivery")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ValueError("a bug"), Exit.UNEXPECTED),
        (ProducerFenced(), Exit.FENCED),
        (caused_by(ProducerFenced()), Exit.FENCED),
        (TimeoutError(), Exit.KAFKA_GONE),
        (caused_by(KafkaStorageError()), Exit.KAFKA_GONE),
        (GroupCoordinatorNotAvailableError(), Exit.KAFKA_GONE),
        (UnknownTopicOrPartitionError(), Exit.KAFKA_GONE),
        (InvalidTimestampError(), Exit.UNEXPECTED),
        (PositionError(), Exit.POSITION),
        (UnknownStateVersionError(), Exit.STATE_UNREADABLE),
        (TopicAuthorizationFailedError("captions.segments.v1"), Exit.ACCESS),
        (
            caused_by(TransactionalIdAuthorizationFailed("merge-0")),
            Exit.ACCESS,
        ),
    ],
)
def test_each_cause_has_its_own_code(error, code):
    assert exit_for(error) == code


def test_a_loop_that_hangs_is_ended_by_the_watchdog():
    script = (
        "import time\n"
        "from workers.delivery.watchdog import Watchdog\n"
        "Watchdog(0.2).start()\n"
        "time.sleep(60)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ended.returncode == Exit.HANG
    assert "nothing has moved" in ended.stderr


@pytest.mark.parametrize(
    ("doing", "code"),
    [
        ("CLOSED", Exit.OK),
        ("WAITING", Exit.KAFKA_GONE),
        ("LETTING_GO", Exit.HANG),
    ],
)
def test_what_hangs_tells_how_a_process_ends(doing, code):
    """Who has closed its positions has stopped; who waits for Kafka's group says so."""
    script = (
        "import time\n"
        "from workers.delivery.watchdog import Doing, Watchdog\n"
        "watchdog = Watchdog(0.2)\n"
        "watchdog.start()\n"
        f"watchdog.beat(Doing.{doing})\n"
        "time.sleep(60)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], check=False, timeout=30)
    assert ended.returncode == code


@pytest.mark.parametrize(
    ("stream", "says"),
    [
        ("stdout", "sys.stdout.write('unread')"),
        ("stderr", "[logging.error('x' * 5000) for _ in range(100)]"),
    ],
    ids=["a reader that is gone", "a reader that hangs"],
)
def test_whoever_reads_the_log_does_not_keep_a_process_alive(stream, says):
    script = (
        "import logging, sys, time\n"
        "logging.basicConfig()\n"
        "from workers.delivery.watchdog import Watchdog\n"
        "Watchdog(0.2).start()\n"
        f"{says}\n"
        "time.sleep(60)\n"
    )
    reads, writes = os.pipe()
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environ = {key: os.environ[key] for key in os.environ if key != "PYTHONUNBUFFERED"}
    process = subprocess.Popen(
        [sys.executable, "-c", script], env=environ, **(streams | {stream: writes})
    )
    os.close(writes)
    if stream == "stdout":
        os.close(reads)
    try:
        assert process.wait(30) == Exit.HANG
    finally:
        process.kill()
        process.wait()
        if stream == "stderr":
            os.close(reads)


def test_the_watchdog_is_quiet_as_long_as_something_moves():
    hung = []
    watchdog = Watchdog(0.3, hung.append)
    watchdog.start()
    for _ in range(8):
        time.sleep(0.05)
        watchdog.beat("moving")
    watchdog.end()
    assert hung == []


def test_a_password_is_in_no_repr():
    connection = Connection(
        bootstrap="localhost:1",
        security_protocol="SASL_PLAINTEXT",
        username="me",
        password="open sesame",
    )
    assert "sesame" not in f"{connection!r} {connection}"
    assert "sesame" not in str(list(connection.__rich_repr__()))


def test_a_newer_position_is_refused_by_name():
    newer = encode_position(Position(version=2))
    with pytest.raises(UnknownStateVersionError, match="version 2"):
        decode_position(newer)


def test_a_position_is_read_as_written():
    position = Position(next={"in": 5}, clock_ms=7, caught_up=True, open=True)
    assert decode_position(encode_position(position)) == position


def test_another_version_of_a_library_is_refused(monkeypatch):
    monkeypatch.setattr("workers.delivery.versions.version", lambda _: "9.9.9")
    with pytest.raises(WrongVersionError, match=r"found 9\.9\.9"):
        check_versions()
