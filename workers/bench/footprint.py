"""What streams cost: CPU, memory, state and bytes on Kafka, on a real one.

Each agent works the same load off that others are timed by, in one process, and is
asked for its own metrics when it is done. CPU is process time, so a busy machine
changes it little; memory and bytes it changes not at all.
"""

import asyncio
import os
import subprocess
import sys
import time
import urllib.request
from typing import Any, Final

from aiokafka import TopicPartition
from msgspec import Struct
from prometheus_client.parser import text_string_to_metric_families

from schemas.kafka_topics import AGENTS, ALL, Agent, KafkaTopic, full_name
from workers.app import connection
from workers.bench.drain import LIMIT_S, LOOK_EVERY_S, send
from workers.bench.load import segments
from workers.bench.table import Table
from workers.broker.ports import free_ports
from workers.settings import Settings

RECORD_BYTES: Final = 20
"""Of a record on Kafka besides key, value and headers; about, since it varies."""


class Footprint(Struct, frozen=True):
    """One agent, when it had read all there was."""

    agent: Agent
    records: float
    cpu_s: float
    """Of the whole process, less what it took to start."""
    idle_bytes: float
    """Resident, before anything was read."""
    busy_bytes: float
    entries: float
    state_bytes: float


async def footprints(settings: Settings, streams: int, each: int) -> list[Footprint]:
    """Send a load and let one process of each agent work it off.

    Args:
        settings: Kafka, and a prefix of its own.
        streams: Live ones.
        each: Segments of each.
    """
    idle = [await _one(settings, agent, wait=False) for agent in AGENTS]
    await send(settings, segments(streams * each, streams))
    done = [await _one(settings, agent, wait=True) for agent in AGENTS]
    return [
        Footprint(
            agent,
            after["captions_records_total"],
            after["process_cpu_seconds_total"] - before["process_cpu_seconds_total"],
            before["process_resident_memory_bytes"],
            after["process_resident_memory_bytes"],
            after["captions_state_entries"],
            after["captions_state_bytes"],
        )
        for agent, before, after in zip(AGENTS, idle, done, strict=True)
    ]


async def written(settings: Settings) -> dict[str, tuple[int, int]]:
    """Return how many records and bytes are on each Kafka topic."""
    return {topic.name: await _size(settings, topic) for topic in ALL}


def tables(
    found: list[Footprint], sizes: dict[str, tuple[int, int]], segments_sent: int
) -> dict[str, Table]:
    """Return the figures by agent, and by Kafka topic."""
    agents = Table(
        "what one process of an agent costs",
        (
            *("agent", "records", "CPU µs a record", "state bytes a stream"),
            *("memory MiB idle", "memory MiB", "memory KiB a stream"),
        ),
        tuple(
            (
                one.agent,
                round(one.records),
                round(1e6 * one.cpu_s / one.records),
                round(one.state_bytes / one.entries),
                round(one.idle_bytes / 2**20),
                round(one.busy_bytes / 2**20),
                round((one.busy_bytes - one.idle_bytes) / one.entries / 1024, 1),
            )
            for one in found
        ),
    )
    topics = Table(
        "what is written",
        ("Kafka topic", "records a segment", "bytes a record", "bytes a segment"),
        tuple(
            (
                name,
                round(records / segments_sent, 2),
                round(size / records),
                round(size / segments_sent),
            )
            for name, (records, size) in sizes.items()
            if records
        ),
    )
    return {"agents": agents, "kafka": topics}


async def _one(settings: Settings, agent: Agent, *, wait: bool) -> dict[str, float]:
    """Run an agent until it is ready, or has read all; return its metrics, summed."""
    port = next(free_ports())
    process = subprocess.Popen(  # noqa: ASYNC220, S603  # starts at once; our own
        [
            *(sys.executable, "-m", "workers", "run", "--agent", agent),
            *("--broker", settings.broker, "--prefix", settings.prefix),
            "--with-parent",
        ],
        stdin=subprocess.PIPE,  # ends with us, however we end
        env={
            **os.environ,
            f"CAPTION_{agent.upper()}_METRICS_PORT": str(port),
            "CAPTION_LOG_LEVEL": "error",
        },
    )
    limit_s = time.monotonic() + LIMIT_S
    try:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if process.poll() is not None or time.monotonic() > limit_s:
                raise RuntimeError(f"agent {agent} did not work its backlog off")
            told = await asyncio.to_thread(_metrics, port)
            known = told.get("captions_state_entries") is not None
            if known and told["captions_ready"] and (not wait or _is_done(told)):
                return told
    finally:
        process.terminate()
        process.communicate()


def _is_done(told: dict[str, float]) -> bool:
    return told["captions_records_total"] > 0 and told["captions_lag_records"] == 0


def _metrics(port: int) -> dict[str, float]:
    """Return each metric of a process, summed over its labels; nothing if none yet."""
    try:
        with urllib.request.urlopen(  # always http
            f"http://127.0.0.1:{port}/metrics", timeout=5
        ) as answer:
            text = answer.read().decode()
    except OSError:
        return {}
    told: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            told[sample.name] = told.get(sample.name, 0) + sample.value
    return told


async def _size(settings: Settings, topic: KafkaTopic) -> tuple[int, int]:
    consumer = connection(settings).consumer()
    await consumer.start()
    name = full_name(settings.prefix, topic)
    logs = [TopicPartition(name, number) for number in range(settings.partitions)]
    records = size = 0
    try:
        consumer.assign(logs)
        ends = await consumer.end_offsets(logs)
        for log in logs:
            consumer.seek(log, 0)
        left = {log for log in logs if ends[log]}
        while left:
            for batch in (await consumer.getmany(*left, timeout_ms=200)).values():
                records += len(batch)
                size += sum(map(_bytes, batch))
            for log in tuple(left):
                if await consumer.position(log) >= ends[log]:
                    left.discard(log)
    finally:
        await consumer.stop()
    return records, size


def _bytes(record: Any) -> int:
    headers = sum(len(name) + len(value or b"") for name, value in record.headers)
    return len(record.key or b"") + len(record.value or b"") + headers + RECORD_BYTES
