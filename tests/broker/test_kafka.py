import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from workers.broker import BrokerError, EmbeddedKafka

PATIENCE_SECONDS = 60


async def create(kafka, topic):
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, 1, 1)])
    finally:
        await admin.close()


async def topics(kafka):
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        return set(await admin.list_topics())
    finally:
        await admin.close()


async def cluster_of(kafka):
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        return (await admin.describe_cluster())["cluster_id"]
    finally:
        await admin.close()


async def send(kafka, topic, *values):
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka.bootstrap, transactional_id=f"test-{topic}"
    )
    await producer.start()
    try:
        async with producer.transaction():
            for value in values:
                await producer.send_and_wait(topic, value)
    finally:
        await producer.stop()


async def received(kafka, topic, count):
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    consumer.assign([TopicPartition(topic, 0)])
    await consumer.start()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return [(await consumer.getone()).value for _ in range(count)]
    finally:
        await consumer.stop()


def runs(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def eventually(is_so):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_two_brokers_started_at_once_do_not_meet():
    with EmbeddedKafka() as warm:  # alone, should the jars have to be fetched first
        first, second = EmbeddedKafka(), EmbeddedKafka()
        try:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(EmbeddedKafka.start, (first, second)))
            asyncio.run(create(first, "only-here"))
            assert "only-here" in asyncio.run(topics(first))
            assert "only-here" not in asyncio.run(topics(second))
            assert len({first.bootstrap, second.bootstrap, warm.bootstrap}) == 3
        finally:
            first.stop()
            second.stop()


async def test_a_kept_folder_continues_with_its_records(tmp_path):
    folder = tmp_path / "new" / "kafka"
    with EmbeddedKafka(data_dir=folder) as kafka:  # inside a running event loop
        await create(kafka, "kept")
        await send(kafka, "kept", b"one", b"two")
        cluster = await cluster_of(kafka)

        with pytest.raises(BrokerError, match=f"in use by .* {os.getpid()}: stop that"):
            EmbeddedKafka(data_dir=folder).start()

        kafka.kill()
        address = kafka.bootstrap
        kafka.restart()
        assert kafka.bootstrap == address
        await send(kafka, "kept", b"three")
        kafka.restart()

    with EmbeddedKafka(data_dir=folder) as kafka:
        assert await cluster_of(kafka) == cluster
        assert await received(kafka, "kept", 3) == [b"one", b"two", b"three"]
    assert (folder / "kafka.log").exists()


def test_a_temporary_folder_goes_with_its_broker():
    with EmbeddedKafka() as kafka:
        folder, pid = kafka.log_file.parent, kafka.pid
        assert folder.exists()
    assert not folder.exists()
    assert not runs(pid)


PARENT = """
import threading, time
from workers.broker import EmbeddedKafka
kafka = EmbeddedKafka()
starter = threading.Thread(target=kafka.start)
starter.start()
starter.join()
print(kafka.pid, kafka.log_file.parent, flush=True)
time.sleep(1000)
"""


def test_a_killed_parent_takes_its_broker_and_temporary_folder_along():
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True
    ) as parent:
        pid, folder = parent.stdout.readline().split()
        time.sleep(0.2)
        assert runs(pid), "it ended with the thread that started it"
        parent.kill()
    eventually(lambda: not runs(pid))
    eventually(lambda: not Path(folder).exists())


def test_a_fork_of_a_killed_parent_does_not_keep_the_broker():
    forking = PARENT.replace("time.sleep(1000)", "import os; os.fork(); time.sleep(8)")
    with subprocess.Popen(
        [sys.executable, "-c", forking], stdout=subprocess.PIPE, text=True
    ) as parent:
        pid, _ = parent.stdout.readline().split()
        time.sleep(0.2)
        parent.kill()
        parent.wait()
        eventually(lambda: not runs(pid))
        parent.stdout.close()


def test_a_killed_supervisor_takes_the_broker_along():
    kafka = EmbeddedKafka()
    kafka.start()
    pid = kafka.pid
    kafka._process._supervisor.kill()
    eventually(lambda: not runs(pid))
    kafka.stop()


def test_a_kafka_that_does_not_heed_is_killed(monkeypatch):
    monkeypatch.setattr("workers.broker.process.GRACE_SECONDS", 1.0)
    with EmbeddedKafka() as kafka:
        pid = kafka.pid
        os.kill(pid, signal.SIGSTOP)
    assert not runs(pid)


def test_a_taken_port_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BrokerError, match=f"port {port} .* is in use: stop"):
            EmbeddedKafka(port=port).start()


def test_a_port_taken_at_the_last_moment_is_left_for_another(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        offers = iter((taken.getsockname()[1], 20_001, 20_002, 20_003, 20_004))
        monkeypatch.setattr("workers.broker.ports.free_ports", lambda: offers)
        with EmbeddedKafka() as kafka:
            assert asyncio.run(topics(kafka)) == set()


def test_a_java_that_cannot_start_says_why_and_where_its_log_is():
    with pytest.raises(BrokerError, match=r"heap.*; see .*last-failure\.log$"):
        EmbeddedKafka(heap_mib=1).start()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(BrokerError, match="file/data cannot be written to"):
        EmbeddedKafka(data_dir=tmp_path / "file" / "data").start()


def test_what_is_not_running_says_what_to_call():
    kafka = EmbeddedKafka()
    kafka.stop()
    for ask in (lambda: kafka.bootstrap, lambda: kafka.pid, kafka.kill, kafka.restart):
        with pytest.raises(BrokerError, match=r"start\(\)"):
            ask()
