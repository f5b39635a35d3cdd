"""Kafka topics, processes and logs for the tests of delivery."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from tests import kafka_log
from tests.delivery.toy import INPUTS, ToyRules
from tests.kafka_log import Log
from workers.delivery.clients import Connection
from workers.delivery.kafka_topics import WantedTopic, create_topics
from workers.delivery.position import Position

ROOT = Path(__file__).parents[2]


class Cluster:
    """The Kafka topics of one test, under a prefix of its own."""

    def __init__(self, bootstrap: str, prefix: str, partitions: int = 4) -> None:
        self.connection = Connection(bootstrap=bootstrap)
        self.prefix = prefix
        self.partitions = partitions

    @property
    def rules(self) -> ToyRules:
        return ToyRules(f"{self.prefix}.out", f"{self.prefix}.rejected")

    async def create(self) -> None:
        names = [f"{self.prefix}.{name}" for name in (*INPUTS, "out", "rejected")]
        wanted = [WantedTopic(name=name, partitions=self.partitions) for name in names]
        wanted.append(
            WantedTopic(
                name=f"{self.prefix}.state", partitions=self.partitions, compacted=True
            )
        )
        await create_topics(self.connection, wanted)

    async def write(
        self, name: str, rows: Iterable[Mapping[str, Any]], **options: Any
    ) -> None:
        """Write rows to a Kafka topic, keyed as they are."""
        producer = self.connection.producer(linger_ms=2, **options)
        await producer.start()
        try:
            sent = [await producer.send(f"{self.prefix}.{name}", **row) for row in rows]
            await asyncio.gather(*sent)
        finally:
            await producer.stop()

    async def read(self, name: str) -> dict[int, Log]:
        """Return what is committed now: partition, offset, record."""
        return await kafka_log.read(
            self.connection, f"{self.prefix}.{name}", self.partitions
        )

    async def positions(self) -> dict[int, Position]:
        """Return each partition's newest position."""
        return kafka_log.positions(await self.read("state"))

    async def is_drained(self) -> bool:
        """Tell whether all input is decided."""
        return kafka_log.is_drained(await self.inputs(), await self.read("state"))

    async def inputs(self) -> dict[str, dict[int, Log]]:
        """Return what the toy reads, by Kafka topic."""
        return {f"{self.prefix}.{name}": await self.read(name) for name in INPUTS}

    async def check(self) -> list[str]:
        """Decide the whole input again; return what differs from what is on Kafka."""
        inputs, state = await self.inputs(), await self.read("state")
        logs = {name: await self.read(name) for name in ("out", "rejected")}
        faults = []
        for number in range(self.partitions):
            outputs = {f"{self.prefix}.{name}": logs[name][number] for name in logs}
            quarantined = [
                (
                    dict(row.headers)["topic"].decode(),
                    int(dict(row.headers)["offset"]),
                )
                for row in logs["rejected"][number].values()
                if dict(row.headers)["reason"] == b"quarantined"
            ]
            faults += [
                f"{number}: {fault}"
                for fault in kafka_log.faults(
                    self.rules,
                    number,
                    {topic: log[number] for topic, log in inputs.items()},
                    state[number],
                    outputs,
                    quarantined,
                )
            ]
        return faults


class Worker:
    """A worker process."""

    def __init__(
        self,
        cluster: Cluster,
        log: Path,
        module: tuple[str, ...] = ("tests.delivery.toy_worker",),
        **settings: Any,
    ) -> None:
        self.log = log
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    *module,
                    cluster.prefix,
                    cluster.connection.bootstrap,
                    msgspec.json.encode(settings).decode(),
                ],
                stdout=file,
                stderr=file,
                cwd=ROOT,
            )

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    async def exit_code(self, timeout_s: float = 60) -> int:
        return await asyncio.to_thread(self.process.wait, timeout_s)

    async def end(self, number: signal.Signals) -> int:
        self.send(number)
        return await self.exit_code()

    def discard(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


async def owns_partitions(worker: Worker) -> bool:
    return b"restored" in worker.log.read_bytes()
