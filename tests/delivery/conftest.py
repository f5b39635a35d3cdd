"""What tests of delivery on a real Kafka share: a cluster and worker processes."""

import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.delivery.kafka_runs import Cluster, Worker

Start = Callable[..., Worker]


@pytest.fixture
async def cluster(kafka: Any) -> Cluster:
    cluster = Cluster(kafka.bootstrap, f"delivery-{uuid.uuid4().hex[:8]}")
    await cluster.create()
    return cluster


@pytest.fixture
async def start(cluster: Cluster, tmp_path: Any) -> AsyncIterator[Start]:
    workers: list[Worker] = []

    def start(**settings: Any) -> Worker:
        log = tmp_path / f"worker-{len(workers)}.log"
        workers.append(Worker(cluster, log, **settings))
        return workers[-1]

    yield start
    for worker in workers:
        worker.discard()
