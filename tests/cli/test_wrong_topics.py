"""What is told of Kafka topics that are wrong: a line for each kind of fault."""

import pytest

from workers.cli.wrong_topics import told
from workers.delivery.kafka_topics import Fault

MISSING = [Fault("missing", f"c.{name}.v1") for name in ("a", "b", "d", "e")]


def lines(*faults, arguments=()):
    return list(told(faults, ["caption-worker", "run", *arguments]))


def test_missing_ones_are_counted_in_one_line_with_the_command_that_creates_them():
    assert lines(*MISSING) == [
        (
            "4 Kafka topics are missing (c.a.v1, …): create them with "
            "`caption-worker topics`"
        )
    ]
    assert lines(MISSING[0]) == [
        "1 Kafka topic is missing (c.a.v1): create it with `caption-worker topics`"
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--broker", "kafka:9092", "--agent", "merge", "--prefix", "c"],
        ["--broker=kafka:9092", "--agent=merge", "--prefix=c"],
    ],
)
def test_the_command_goes_to_the_kafka_that_was_named(arguments):
    [line] = lines(*MISSING, arguments=arguments)
    assert "`caption-worker topics --broker kafka:9092 --prefix c`" in line


def test_a_providers_own_are_created_where_the_provider_is_set():
    [line] = lines(*MISSING, Fault("missing", "c.provider.lca.v1"))
    assert line.endswith("with `CAPTION_PROVIDERS=lca caption-worker topics`")


def test_an_option_without_its_value_is_no_reason_to_fail():
    [line] = lines(*MISSING, arguments=["--prefix"])
    assert line


def test_each_kind_has_advice_of_its_own_and_every_name_that_has_to_be_altered():
    policy, retention = "cleanup.policy delete, not compact", "retention.ms 1, not 2"
    said = lines(
        *(Fault("retention", fault.topic, retention) for fault in MISSING),
        Fault("policy", "c.state.v1", policy),
        *MISSING,
    )
    assert len(said) == 3
    assert "c.a.v1, c.b.v1, c.d.v1, c.e.v1" in said[0]
    assert "CAPTION_RETENTION_DAYS" in said[0]
    assert "caption-worker topics" not in said[0] + said[1]
    assert "cleanup.policy" in said[1].partition(": ")[2]
    assert "caption-worker topics" in said[2]


def test_what_differs_is_told_once_by_its_numbers():
    [line] = lines(
        Fault("uneven", "c.a.v1", "4 partitions"),
        Fault("uneven", "c.b.v1", "12 partitions"),
        Fault("uneven", "c.d.v1", "4 partitions"),
    )
    assert "(4: c.a.v1, c.d.v1; 12: c.b.v1)" in line


def test_too_many_copies_name_the_setting_and_are_told_once():
    [line] = lines(
        *(Fault("copies", fault.topic, "only 1 broker.") for fault in MISSING)
    )
    assert "CAPTION_REPLICATION_FACTOR" in line
    assert line.endswith("only 1 broker")
