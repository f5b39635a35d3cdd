"""What a user can put right is told in one line, with exit code 2."""

import os
import socket
import subprocess
import sys

import pytest

from workers.delivery.exits import Exit

NOBODY = "127.0.0.1:1"
ANY_PORT = {"CAPTION_MERGE_METRICS_PORT": "0", "CAPTION_TOPICS_METRICS_PORT": "0"}
"""A worker may run beside these tests."""
CASES = {
    "no such file": ["process", "/no/such/file.txt"],
    "a folder": ["process", "/"],
    "a format nobody knows": ["process", __file__],
    "a place that cannot be written": [
        "schema",
        "--out",
        "/proc/nowhere",
    ],
    "no such message": ["schema", "Nope"],
    "no Kafka for run": ["run", "--broker", NOBODY],
    "no Kafka for an agent": ["run", "--agent", "merge", "--broker", NOBODY],
    "a provider without its agent": ["run", "--provider", "deepgram"],
    "agent adapt without a provider": ["run", "--agent", "adapt"],
    "a provider nobody knows": ["run", "--agent", "adapt", "--provider", "acme"],
    "no Kafka for topics": ["topics", "--broker", NOBODY],
    "no Kafka for the view": ["view", "--port", "0", "--broker", NOBODY],
    "no address": ["topics", "--broker", "here"],
}


def run(arguments, **variables):
    return subprocess.run(
        [sys.executable, "-m", "workers", *arguments],
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
        env={**os.environ, **ANY_PORT, **variables},
    )


def is_one_line(done):
    return (
        done.returncode == 2
        and done.stdout == ""
        and done.stderr.startswith("caption-worker: ")
        and done.stderr.count("\n") == 1
    )


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_told_in_one_line(case):
    done = run(CASES[case])
    assert is_one_line(done), done.stderr


def test_who_starts_agents_again_is_told_that_kafka_is_away():
    agent = ["run", "--agent", "merge", "--broker", NOBODY, "--with-parent"]
    done = run(agent)
    assert done.returncode == Exit.KAFKA_GONE
    assert done.stderr.count("\n") == 1


def test_wrong_settings_are_told_all_at_once():
    done = run(["topics"], CAPTION_PARTITIONS="none", CAPTION_BROKR="x")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 2
    assert "CAPTION_PARTITIONS" in done.stderr
    assert "CAPTION_BROKR" in done.stderr


def test_a_port_in_use_is_named_with_its_setting():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run(["run", "--agent", "merge"], CAPTION_MERGE_METRICS_PORT=port)
        assert is_one_line(done), done.stderr
        assert port in done.stderr
        assert "CAPTION_MERGE_METRICS_PORT (0 takes any)" in done.stderr
        done = run(["broker", "--port", port])
        assert is_one_line(done), done.stderr


def test_missing_kafka_topics_are_told_in_one_line(kafka):
    done = run(
        ["run", "--agent", "merge", "--broker", kafka.bootstrap, "--prefix", "no"]
    )
    assert is_one_line(done), done.stderr
    assert "Kafka topics are missing (no.segments.v1, …)" in done.stderr
    assert f"topics --broker {kafka.bootstrap} --prefix no`" in done.stderr


def test_kafka_topics_of_another_number_of_partitions_are_not_passed_off(kafka):
    options = ["topics", "--broker", kafka.bootstrap, "--prefix", "four"]
    assert run([*options, "--partitions", "4"]).returncode == 0
    for more in ([], ["--check"]):
        done = run([*options, "--partitions", "8", *more])
        assert is_one_line(done), done.stderr
        assert "have 4 partitions, not 8" in done.stderr
    there = run(options)
    assert there.returncode == 0
    assert {line.split()[0] for line in there.stdout.splitlines()} == {"ok"}


def test_a_provider_that_is_set_has_kafka_topics_of_its_own(kafka):
    options = ["topics", "--broker", kafka.bootstrap, "--prefix", "adapted", "--json"]
    created = run(options, CAPTION_PROVIDERS="deepgram-flux").stdout
    for name in ("provider.deepgram-flux.v1", "adapt-deepgram-flux.state.v1"):
        assert f'"adapted.{name}"' in created.partition('"created"')[2]
    agent = ["run", "--agent", "adapt", "--provider", "lca", *options[1:-1]]
    done = run(agent, CAPTION_ADAPT_METRICS_PORT="0")
    assert is_one_line(done), done.stderr
    assert "missing (adapted.provider.lca.v1, " in done.stderr
    assert "CAPTION_PROVIDERS=lca caption-worker topics" in done.stderr


def test_kafka_topics_are_created_once_and_found_there_then(kafka):
    options = ["topics", "--broker", kafka.bootstrap, "--prefix", "made", "--json"]
    first, second = run(options), run([*options, "--check"])
    assert (first.returncode, second.returncode) == (0, 0)
    assert '"made.merge.state.v1"' in first.stdout.partition('"created"')[2]
    assert '"created":[]' in second.stdout
