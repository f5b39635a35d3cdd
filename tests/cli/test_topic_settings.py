"""What commands tell of Kafka topics set otherwise than new ones."""

import asyncio
import json
import os
import shlex
import subprocess
import sys
import uuid

from aiokafka.admin import NewTopic
from typer.testing import CliRunner

from workers.app import connection, kafka_topics
from workers.broker import jars, java
from workers.cli.main import app
from workers.cli.topic_settings import _MEANS, told
from workers.delivery.clients import Connection
from workers.delivery.kafka_topics import WantedTopic
from workers.delivery.topic_settings import Difference
from workers.settings import Settings

LINK = Connection(bootstrap="kafka:9092")


def test_equal_differences_of_several_are_told_once_with_a_command_for_each():
    found = [
        Difference(topic, setting, "1", "2")
        for topic in ("c.a", "c.b")
        for setting in ("segment.ms", "segment.bytes")
    ]
    [(said, commands)] = told(found, LINK)
    assert said.startswith(
        "2 Kafka topics have segment.ms 1, not 2, segment.bytes 1, not 2 (c.a, c.b): "
    )
    assert said.count("compacted later") == 1
    assert [shlex.split(one) for one in commands.split(" && ")] == [
        [
            *("kafka-configs.sh", "--bootstrap-server", "kafka:9092", "--alter"),
            *("--entity-type", "topics", "--entity-name", topic),
            *("--add-config", "segment.ms=2,segment.bytes=2"),
        ]
        for topic in ("c.a", "c.b")
    ]


def test_where_kafka_asks_who_we_are_the_command_logs_in():
    link = Connection(bootstrap="kafka:9092", security_protocol="SASL_SSL")
    [(_, command)] = told([Difference("c.a", "segment.ms", "1", "2")], link)
    assert "--command-config client.properties" in command


def test_it_is_said_of_each_setting_what_another_value_means():
    created = WantedTopic(name="s", compacted=True).config
    created |= WantedTopic(name="m", retention_ms=1).config
    assert _MEANS.keys() - {"max.message.bytes", "min.insync.replicas"} == (
        created.keys() - {"cleanup.policy"}
    )


async def made_before(settings):
    """Create all, that of merge's state as the first build did."""
    wanted = kafka_topics(settings, create=True)
    admin = connection(settings).admin()
    await admin.start()
    try:
        await admin.create_topics(
            [
                NewTopic(
                    topic.name,
                    settings.partitions,
                    1,
                    topic_configs={"cleanup.policy": "compact"}
                    if topic.name.endswith(".merge.state.v1")
                    else topic.config,
                )
                for topic in wanted
            ]
        )
    finally:
        await admin.close()


def alter(command):
    """Run Kafka's own tool, which `kafka-configs.sh` is a wrapper of."""
    paths = os.pathsep.join(map(str, jars.cached()))
    tool = [str(java.find().path), "-cp", paths, "kafka.admin.ConfigCommand"]
    name, *arguments = shlex.split(command)
    assert name == "kafka-configs.sh"
    done = subprocess.run(
        [*tool, *arguments], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def logged_by_run(*options):
    """Return the warnings of the worker, and the exit code of its end by SIGTERM."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "workers", "run", *options],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"CAPTION_LOG_FORMAT": "json"},
    )
    found = []
    for line in worker.stderr:
        one = json.loads(line)
        found += [one] if one["level"] == "warning" else []
        if one["event"] == "agent started":
            worker.terminate()
    return found, worker.wait()


def asked(*arguments):
    return CliRunner().invoke(app, arguments)


def test_all_commands_tell_of_it_and_the_command_they_give_ends_it(kafka, monkeypatch):
    for name in ("MERGE", "TOPICS"):
        monkeypatch.setenv(f"CAPTION_{name}_METRICS_PORT", "0")
    prefix = f"before-{uuid.uuid4().hex[:8]}"
    settings = Settings(broker=kafka.bootstrap, prefix=prefix, partitions=2)
    asyncio.run(made_before(settings))
    options = ("--broker", kafka.bootstrap, "--prefix", prefix)

    looked = asked("topics", "--check", "--json", *options)
    assert looked.exit_code == 0
    found = json.loads(looked.stdout)["differences"]
    assert {one["topic"] for one in found} == {f"{prefix}.merge.state.v1"}
    assert asked("topics", "--check", "--json", *options).stdout == looked.stdout

    shown = asked("topics", "--check", *options)
    assert "a restart reads more" in shown.stderr
    assert "restart" not in shown.stdout

    [warned] = [
        one
        for one in json.loads(asked("doctor", "--json", *options).stdout)
        if one["check"] == "Kafka topics' settings"
    ]
    assert warned["status"] == "warning"
    assert warned["fix"] in shown.stderr

    [logged], code = logged_by_run(*options)
    assert code == 0, "it runs all the same"
    assert logged["event"] == warned["said"]
    assert logged["command"] == warned["fix"]

    alter(warned["fix"])
    after = asked("topics", "--check", "--json", *options)
    assert json.loads(after.stdout)["differences"] == []
    assert logged_by_run(*options)[0] == []
