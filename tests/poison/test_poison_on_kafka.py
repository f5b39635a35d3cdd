"""The whole poison corpus through a real Kafka and both agents, in one run."""

import base64
import json
import re
import signal
import time
import urllib.request
import uuid
from hashlib import sha256

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError
from prometheus_client.parser import text_string_to_metric_families

from schemas.codec import encode
from schemas.kafka_topics import CAPTIONS, SEGMENTS, full_name
from tests.agents.turns import run
from tests.end_to_end.stage import Stage, end_of, talk
from tests.kafka_batches import PACK, STAND_IN, batch, odd, packed, send_batches
from tests.kafka_log import until
from tests.poison.corpus import CORPUS
from tests.poison.poison import ACCEPTED, Row
from workers.agents.writing import LARGEST_REJECTED
from workers.app import merge_rules
from workers.broker.ports import free_ports
from workers.delivery.batches import MAX_BATCH_BYTES
from workers.delivery.exits import Exit
from workers.delivery.records import Record
from workers.delivery.unreadable import bytes_of

PARTITION = 2
ODD_NAME = "na\udcffme"
NEIGHBOURS = ("neighbour-a", "neighbour-b")
SPOKEN = ("canary", "alert(1)", "jndi", "subject number", "old mill")
"""What no log may hold."""
BATCH_BYTES = 700_000
MAX_SERIES = 2000
MOST_OF_ONE = 100
"""Of an entry that has many records, which without Kafka are all tried."""


class Script:
    """What is sent: batches, and of each record what has to become of it."""

    def __init__(self) -> None:
        self.batches: list[bytes] = []
        self.expected: list[str] = []
        """By offset."""
        self.rows: list[Row] = []
        self._open: list[Row] = []

    def add(self, row: Row, becomes: str) -> None:
        size = sum(map(_size, (*self._open, row)))
        if size > BATCH_BYTES:
            self.close()
        self._open.append(row)
        self._note(row, becomes)

    def close(self) -> None:
        """Write what is open as one batch."""
        if self._open:
            self.batches.append(_batch(self._open))
            self._open = []

    def add_batch(self, data: bytes, *expected: str) -> None:
        """Add a batch as it is; only its last record may be rejected, for all."""
        self.close()
        self.batches.append(data)
        for becomes in expected:
            self._note(Row(None, data), becomes)

    def _note(self, row: Row, becomes: str) -> None:
        self.rows.append(row)
        self.expected.append(becomes)


def _size(row: Row) -> int:
    headers = sum(len(name) + len(value or b"") + 4 for name, value in row.headers)
    return len(row.key or b"") + len(row.value or b"") + headers


def _batch(rows: list[Row]) -> bytes:
    written = [
        (
            row.key,
            row.value,
            [(STAND_IN if name == ODD_NAME else name, v) for name, v in row.headers],
        )
        for row in rows
    ]
    return odd(batch(written, time_ms=int(time.time() * 1000)))


def script() -> Script:
    """Mix the corpus among two good talks, with a bomb of each kind."""
    made = Script()
    segments = [[*talk(stream, 60), end_of(stream)] for stream in NEIGHBOURS]
    good = [
        Row(one.stream_id.encode(), encode(one))
        for pair in zip(*segments, strict=True)
        for one in pair
    ]
    waiting = iter(good)
    for poison in CORPUS:
        if not poison.over_kafka:
            continue
        for row in poison.rows[:MOST_OF_ONE]:
            made.add(row, poison.becomes)
        if (row := next(waiting, None)) is not None:
            made.add(row, ACCEPTED)
    for codec in PACK:
        unpacked = batch([(b"x", bytes(MAX_BATCH_BYTES), ()), (b"x", b"", ())])
        made.add_batch(packed(unpacked, codec), "", "batch_too_large")
    for row in waiting:
        made.add(row, ACCEPTED)
    made.close()
    return made


async def _is_decided(stage, agent, topic):
    """Tell by the group's offset, which costs less than to read all logs."""
    log = TopicPartition(full_name(stage.settings.prefix, topic), PARTITION)
    consumer = stage.connection.consumer()
    await consumer.start()
    try:
        ends = await consumer.end_offsets([log])
    finally:
        await consumer.stop()
    try:
        offsets = await stage.group_offsets(agent, topic)
    except KafkaError:  # the first group on a new Kafka has no coordinator yet
        return False
    return offsets.get(PARTITION, 0) >= ends[log]


async def abort(stage, topic):
    """Leave a transaction in the log that nobody may see."""
    producer = stage.connection.producer(transactional_id=f"{topic}-aborts")
    await producer.start()
    await producer.begin_transaction()
    await producer.send_and_wait(topic, b"{", key=b"aborted", partition=PARTITION)
    await producer.abort_transaction()
    await producer.stop()


@pytest.fixture
async def stage(kafka, tmp_path):
    stage = Stage(kafka.bootstrap, f"poison-{uuid.uuid4().hex[:8]}", tmp_path)
    await stage.create()
    yield stage
    stage.close()


async def test_each_record_becomes_what_it_has_to_and_nobody_is_any_the_worse(stage):
    made = script()
    topic = f"{stage.settings.prefix}.segments.v1"
    await send_batches(stage.connection, topic, PARTITION, *made.batches)
    await abort(stage, topic)
    ports = free_ports()
    port = {agent: str(next(ports)) for agent in ("merge", "topics")}
    workers = [
        stage.start(
            agent,
            CAPTION_LOG_FORMAT="json",
            **{f"CAPTION_{agent.upper()}_METRICS_PORT": port[agent]},
        )
        for agent in port
    ]
    for agent, topic in (("merge", SEGMENTS), ("topics", CAPTIONS)):
        await until(lambda agent=agent, topic=topic: _is_decided(stage, agent, topic))
    for number in port.values():
        _check_metrics(number)
    assert [await one.end(signal.SIGTERM) for one in workers] == [Exit.OK, Exit.OK]
    for worker in workers:
        _check_log(worker.log.read_text())
    rejected = await stage.rows("rejected.v1")
    _check_rejected(rejected, made)
    assert await stage.faults() == []
    await _check_neighbours(stage)


def _check_rejected(rejected, made):
    """Compare, offset by offset, reason and bytes."""
    found = {}
    for row in rejected:
        marks = dict(row.headers)
        offset = int(marks["rejected_offset"])
        assert offset not in found
        found[offset] = marks["rejected_reason"].decode()
        _check_kept(row, marks, made.rows[offset])
    expected = {
        offset: becomes
        for offset, becomes in enumerate(made.expected)
        if becomes and becomes != ACCEPTED
    }
    assert found == expected


def _check_kept(row, marks, sent):
    """What was sent is all there, or its beginning and what to know it by."""
    if len(sent.key or b"") + len(sent.value or b"") > LARGEST_REJECTED:
        assert sent.value.startswith(row.value)
        assert marks["rejected_value_sha256"].decode() == sha256(sent.value).hexdigest()
    elif marks["rejected_reason"] == b"batch_too_large":
        assert row.value[61:] == sent.value[61:]  # Kafka writes offsets into its head
    else:
        assert (row.key, row.value) == (sent.key, sent.value)
    if sent.headers and "rejected_headers_sha256" not in marks:
        assert [
            (
                base64.b64decode(name),
                value if value is None else base64.b64decode(value),
            )
            for name, value in json.loads(marks["rejected_headers"])
        ] == [(bytes_of(name), value) for name, value in sent.headers]


async def _check_neighbours(stage):
    """Decide the good talks alone; they said the same among the poison."""
    log = (await stage.inputs("merge"))[f"{stage.settings.prefix}.segments.v1"]
    keys = [stream.encode() for stream in NEIGHBOURS]
    alone = [
        Record("in", PARTITION, offset, *row)
        for offset, row in log[PARTITION].items()
        if row.key in keys
    ]
    outputs, _ = run(merge_rules(stage.settings), alone)
    for name in ("captions.v1", "cues.v1"):
        expected = [
            (one.output.key, one.output.value)
            for one in outputs
            if one.output.topic.endswith(name)
        ]
        found = (await stage.read(name))[PARTITION].values()
        assert [(row.key, row.value) for row in found if row.key in keys] == expected
        assert len(expected) > 20


def _check_log(text):
    """One JSON line an event, none of them forged, and nothing that was said."""
    for line in text.splitlines():
        event = json.loads(line)
        assert {"time", "level", "event"} <= event.keys(), line
    for words in SPOKEN:
        assert words not in text


def _check_metrics(port):
    """The scrape can be read, and has as many series as ever."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as page:
        text = page.read().decode()
    samples = [
        sample
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    ]
    assert 10 < len(samples) < MAX_SERIES
    values = {value for sample in samples for value in sample.labels.values()}
    assert not [value for value in values if not re.fullmatch(r"[\w.+ -]*", value)]
