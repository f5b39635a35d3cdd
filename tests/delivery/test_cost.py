"""What delivery costs a record, counted, beside a loop that only does the job."""

import orjson
import pytest
from aiokafka.consumer import fetcher
from aiokafka.consumer.fetcher import READ_COMMITTED
from aiokafka.record.default_records import DefaultRecordBatch
from aiokafka.structs import TopicPartition

from tests.bench.peers.job import step
from tests.bench.peers.ours.worker import PeerRules
from tests.bench.peers.segments import STREAMS, segments
from tests.counted_work import counted
from tests.kafka_batches import batch
from workers.delivery.batches import Batches, read_carefully
from workers.delivery.clients import Connection
from workers.delivery.decide import Decided, decide
from workers.delivery.partition import Partition
from workers.delivery.settings import TurnSettings
from workers.delivery.source import Fetched

TURN = 500
MOST = 3.45
"""It is 3.14 now. Whoever goes past it on purpose says why in the commit."""


class Layer:
    """One partition and all that a turn of it does but for talking to Kafka."""

    def __init__(self) -> None:
        read_carefully()
        settings = TurnSettings(group="g", input_topics=("in",), state_topic="states")
        rules = PeerRules("out", "rejected")
        connection = Connection(bootstrap="127.0.0.1:9")
        self.rules = rules
        self.partition = Partition(0, rules, settings, connection)
        self.partition.load({}, None, {}, {"in": 0})

    def turn(self, data: bytes) -> None:
        first = self.partition.next_offsets["in"]
        records = list(
            fetcher.PartitionRecords(
                *(TopicPartition("in", 0), Batches(data), [], first),
                *(None, None, False, READ_COMMITTED),
            )
        )
        end = records[-1].offset + 1
        self.partition.receive("in", Fetched(records, first, end, end + 1, 10**12))
        work = self.partition.work(10**12)
        assert work is not None
        self.take_over(decide(self.rules, work), end)

    def take_over(self, decided: Decided, end: int) -> None:
        rows = self.partition._rows(decided)
        for each in rows.values():
            self.partition._transactions._batches(each)
        self.partition.store.apply(decided.changes)
        self.partition.next_offsets["in"] = end


class Loop:
    """The same without turns, time, deadlines, rejections or an order of inputs."""

    def __init__(self, producer) -> None:
        self.producer = producer
        self.states = {}

    def turn(self, data: bytes) -> None:
        changed = {}
        outputs, states = self.producer.create_batch(), self.producer.create_batch()
        for record in DefaultRecordBatch(data):
            before = self.states.get(record.key)
            after, caption = step(before, orjson.loads(record.value))
            self.states[record.key] = changed[record.key] = after
            if caption:
                value = orjson.dumps(caption)
                outputs.append(timestamp=0, key=record.key, value=value)
        for key, state in changed.items():
            states.append(timestamp=0, key=key, value=orjson.dumps(state))


@pytest.fixture
async def layer():
    layer = Layer()
    yield layer
    await layer.partition.stop()


def turns_of(count):
    sent = list(segments(count * TURN))
    for first in range(0, len(sent), TURN):
        rows = [(one.key, one.value, ()) for one in sent[first : first + TURN]]
        yield batch(rows, first)


async def test_delivery_costs_no_more_than_so_many_times_the_job_itself(layer):
    loop = Loop(layer.partition._transactions._producer)
    *before, last = turns_of(4)
    for data in before:
        layer.turn(data)
        loop.turn(data)
    assert len(layer.partition.store) == STREAMS
    ours, bare = counted(lambda: layer.turn(last)), counted(lambda: loop.turn(last))
    assert ours / bare < MOST


async def test_a_turn_costs_the_same_whatever_other_streams_are_alive(layer):
    data = batch([(one.key, one.value, ()) for one in segments(TURN)])
    alone = counted(lambda: layer.turn(data))
    states = {
        b"other-%d" % number: {**step(None, orjson.loads(one.value))[0]}
        for number, one in enumerate(segments(20_000))
    }
    crowded = Layer()
    crowded.partition.store.apply(states)
    among = counted(lambda: crowded.turn(data))
    await crowded.partition.stop()
    assert among == pytest.approx(alone, rel=0.02)
