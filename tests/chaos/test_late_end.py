"""A request to end a transaction that comes late ends no other transaction.

On a real Kafka behind the proxy; `workers.delivery.end_once` tells why it might.
"""

import asyncio
import uuid

import pytest
from aiokafka.errors import KafkaError
from aiokafka.producer.sender import EndTxnHandler

from tests import kafka_log
from tests.chaos.brokers import Brokers
from tests.chaos.proxy import END_TRANSACTION, Order
from workers.delivery.clients import Connection
from workers.delivery.end_once import EndUnknownError, end_once
from workers.delivery.exits import Exit, exit_for
from workers.delivery.kafka_topics import WantedTopic, create_topics
from workers.delivery.transaction import Row, Transactions

TOPICS = ("out", "state")
LATE_S = 1.0


@pytest.fixture
async def brokers():
    brokers = Brokers(1)
    try:
        await asyncio.to_thread(brokers.start)
        for proxy in brokers.proxies:
            await proxy.start()
        yield brokers
    finally:
        for proxy in brokers.proxies:
            await proxy.close()
        await asyncio.to_thread(brokers.close)


def rows(text: bytes) -> dict[str, list[Row]]:
    return {name: [Row(1, b"key", text, ())] for name in TOPICS}


async def committed(direct: Connection, name: str) -> list[bytes | None]:
    (log,) = (await kafka_log.read(direct, name, 1)).values()
    return [row.value for row in log.values()]


async def test_an_end_that_comes_late_never_ends_the_next_transaction(
    brokers, monkeypatch
):
    monkeypatch.setattr(EndTxnHandler, "do", EndTxnHandler.do)
    end_once()
    direct = Connection(bootstrap=brokers.bootstrap)
    await create_topics(
        direct, [WantedTopic(name=name, partitions=1) for name in TOPICS]
    )
    worker = Connection(bootstrap=brokers.proxied, client_id="worker")
    name = f"writer-{uuid.uuid4().hex[:6]}"
    before = Transactions(worker, name, 0)
    await before.start()
    await before.write(rows(b"one"))
    (proxy,) = brokers.proxies
    order = Order("worker", END_TRANSACTION, "late_request", LATE_S)
    proxy.orders.append(order)
    # Whoever loses the answer ends at once, to be started again.
    with pytest.raises(KafkaError) as lost:
        await before.write(rows(b"two"))
    assert exit_for(lost.value) == Exit.KAFKA_GONE
    assert any(isinstance(each, EndUnknownError) for each in chain(lost.value))
    after = Transactions(direct, name, 0)
    await after.start()
    # The next owner is in the middle of a transaction when the late request comes.
    await after._producer.begin_transaction()
    sent = await after._producer.send("out", b"three", partition=0)
    await sent
    await order.over.wait()
    await after._producer.abort_transaction()
    await after.write(rows(b"four"))
    written = await committed(direct, "out")
    assert b"three" not in written
    assert written == await committed(direct, "state")
    assert written[0] == b"one"
    assert written[-1] == b"four"
    await after.stop()


def chain(error: BaseException | None) -> list[BaseException]:
    found = []
    while error is not None:
        found.append(error)
        error = error.__cause__
    return found
