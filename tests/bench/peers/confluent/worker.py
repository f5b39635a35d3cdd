"""The job as a loop over confluent-kafka: states in a compacted Kafka topic.

MODE is ``tx``, a transaction for each batch, or ``flush``: all is sent, then the
group's offset is committed.
"""

import os

import orjson
from confluent_kafka import Consumer, Producer, TopicPartition
from job import step

ENV = os.environ
TRANSACTIONS = ENV["MODE"] == "tx"
BATCH = int(ENV["BATCH"])
WAIT_S = 0.01
states = {}


def restore(_, assigned):
    """Read the states of what is assigned."""
    consumer = Consumer(
        {
            "bootstrap.servers": ENV["BROKER"],
            "group.id": f"{ENV['GROUP']}-restore",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
        }
    )
    logs = [TopicPartition(ENV["STATE"], each.partition, 0) for each in assigned]
    for each in logs:
        states[each.partition] = {}
    consumer.assign(logs)
    left = len(logs)
    while left:
        for record in consumer.consume(5000, 1):
            if record.error():
                left -= 1
            else:
                state = orjson.loads(record.value())
                states[record.partition()][record.key()] = state
    consumer.close()


def write(producer, records):
    """Decide some records; send captions and states, return where it goes on."""
    changed, offsets = {}, {}
    for record in records:
        if record.error():
            raise SystemExit(record.error())
        partition, key = record.partition(), record.key()
        before = states[partition].get(key)
        after, caption = step(before, orjson.loads(record.value()))
        states[partition][key] = changed[partition, key] = after
        offsets[partition] = record.offset() + 1
        if caption:
            producer.produce(ENV["OUT"], orjson.dumps(caption), key)
    for (partition, key), state in changed.items():
        producer.produce(ENV["STATE"], orjson.dumps(state), key, partition)
    return [TopicPartition(ENV["IN"], *each) for each in offsets.items()]


def main():
    consumer = Consumer(
        {
            "bootstrap.servers": ENV["BROKER"],
            "group.id": ENV["GROUP"],
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
        }
    )
    consumer.subscribe([ENV["IN"]], on_assign=restore)
    once = (
        {"transactional.id": ENV["GROUP"]}
        if TRANSACTIONS
        else {"enable.idempotence": True}
    )
    producer = Producer({"bootstrap.servers": ENV["BROKER"], "linger.ms": 1, **once})
    if TRANSACTIONS:
        producer.init_transactions(30)
    while True:
        records = consumer.consume(BATCH, WAIT_S)
        if not records:
            continue
        if TRANSACTIONS:
            producer.begin_transaction()
            offsets = write(producer, records)
            members = consumer.consumer_group_metadata()
            producer.send_offsets_to_transaction(offsets, members)
            producer.commit_transaction()
        else:
            offsets = write(producer, records)
            producer.flush()
            consumer.commit(offsets=offsets, asynchronous=False)


main()
