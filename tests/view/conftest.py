"""What the agents write, on a real Kafka."""

import pytest

from schemas.codec import encode
from schemas.kafka_topics import full_name
from tests.view.messages import TOPIC_OF
from workers.app import connection, prepare
from workers.settings import Settings
from workers.view.positions import READ


class Kafka:
    """Writes messages as an agent does: each batch in a transaction."""

    def __init__(self, bootstrap, prefix) -> None:
        self.settings = Settings(broker=bootstrap, prefix=prefix, partitions=3)
        self.link = connection(self.settings)

    async def write(self, *messages, commit=True):
        producer = self.link.producer(transactional_id=f"{self.settings.prefix}-test")
        await producer.start()
        try:
            await producer.begin_transaction()
            for message in messages:
                name = full_name(self.settings.prefix, READ[TOPIC_OF[type(message)]])
                await producer.send_and_wait(
                    name,
                    encode(message),
                    key=message.stream_id.encode(),
                    partition=sum(message.stream_id.encode()) % 3,
                )
            if commit:
                await producer.commit_transaction()
            else:
                await producer.abort_transaction()
        finally:
            await producer.stop()

    async def write_raw(self, name, value):
        producer = self.link.producer()
        await producer.start()
        await producer.send_and_wait(f"{self.settings.prefix}.{name}", value, key=b"x")
        await producer.stop()


@pytest.fixture
async def written(kafka, request):
    prefix = f"view-{abs(hash(request.node.name)):x}"
    made = Kafka(kafka.bootstrap, prefix)
    await prepare(made.settings)
    return made
