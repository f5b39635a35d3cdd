"""The job as a loop over aiokafka: states in a compacted Kafka topic, transactions."""

import asyncio
import os

import orjson
from aiokafka import (
    AIOKafkaConsumer,
    AIOKafkaProducer,
    ConsumerRebalanceListener,
    TopicPartition,
)
from job import step

ENV = os.environ
BROKER, GROUP, BATCH = ENV["BROKER"], ENV["GROUP"], int(ENV["BATCH"])


class Restoring(ConsumerRebalanceListener):
    """Reads the states of what is assigned."""

    def __init__(self):
        self.states = {}
        self.done = asyncio.Event()  # aiokafka fetches on while it awaits us

    async def on_partitions_revoked(self, revoked):  # noqa: ARG002
        self.done.clear()

    async def on_partitions_assigned(self, assigned):
        logs = [TopicPartition(ENV["STATE"], each.partition) for each in assigned]
        self.states = {each.partition: {} for each in logs}
        consumer = AIOKafkaConsumer(
            bootstrap_servers=BROKER,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
        )
        await consumer.start()
        consumer.assign(logs)
        ends = await consumer.end_offsets(logs)
        for each in logs:
            while await consumer.position(each) < ends[each]:
                fetched = await consumer.getmany(each, timeout_ms=200)
                for record in fetched.get(each, ()):
                    state = orjson.loads(record.value)
                    self.states[each.partition][record.key] = state
        await consumer.stop()
        self.done.set()


async def main():
    restoring = Restoring()
    consumer = AIOKafkaConsumer(
        bootstrap_servers=BROKER,
        group_id=GROUP,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    producer = AIOKafkaProducer(bootstrap_servers=BROKER, transactional_id=GROUP)
    await producer.start()
    consumer.subscribe([ENV["IN"]], listener=restoring)
    await consumer.start()
    while True:
        fetched = await consumer.getmany(timeout_ms=200, max_records=BATCH)
        if not fetched:
            continue
        await restoring.done.wait()
        async with producer.transaction():
            changed = {}
            for log, records in fetched.items():
                states = restoring.states[log.partition]
                for record in records:
                    before = states.get(record.key)
                    after, caption = step(before, orjson.loads(record.value))
                    states[record.key] = changed[log.partition, record.key] = after
                    if caption:
                        value = orjson.dumps(caption)
                        await producer.send(ENV["OUT"], value, record.key)
            for (partition, key), state in changed.items():
                await producer.send(ENV["STATE"], orjson.dumps(state), key, partition)
            offsets = {log: records[-1].offset + 1 for log, records in fetched.items()}
            await producer.send_offsets_to_transaction(offsets, GROUP)


asyncio.run(main())
