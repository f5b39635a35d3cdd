"""A prefix of Kafka topics, worker processes on it, and what they have done."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from aiokafka import TopicPartition
from prometheus_client.parser import text_string_to_metric_families

from schemas.codec import encode
from schemas.kafka_topics import AGENTS, CORRECTIONS, SEGMENTS, KafkaTopic, full_name
from schemas.segment import CaptionSegment
from tests import kafka_log
from tests.kafka_log import Log, Row
from workers.app import connection, needed, prepare, rules_of
from workers.broker.ports import free_ports
from workers.settings import Settings

ROOT = Path(__file__).parents[2]
PARTITIONS = 4


class Stage:
    """The Kafka topics of one test, under a prefix of its own."""

    def __init__(self, bootstrap: str, prefix: str, folder: Path, **more) -> None:
        self.settings = Settings(
            broker=bootstrap,
            prefix=prefix,
            partitions=PARTITIONS,
            merge_metrics_port=0,
            topics_metrics_port=0,
            adapt_metrics_port=0,
            **more,
        )
        self.connection = connection(self.settings)
        self.folder = folder
        self.workers: list[Worker] = []
        self.logs: dict[str, dict[int, Log]] = {}

    async def create(self) -> None:
        await prepare(self.settings)

    def start(self, agent: str | None = None, **variables: str) -> "Worker":
        worker = Worker(self, agent, variables)
        self.workers.append(worker)
        return worker

    async def send(self, segments, *, rate: float | None = None) -> None:
        """Send segments; at most so many a second."""
        rows = [(one.stream_id.encode(), encode(one)) for one in segments]
        await self.send_raw(rows, rate=rate)

    async def correct(self, corrections) -> None:
        rows = [(one.stream_id.encode(), encode(one)) for one in corrections]
        await self.send_raw(rows, to=CORRECTIONS)

    async def send_raw(
        self, rows, *, rate: float | None = None, to: KafkaTopic = SEGMENTS
    ) -> None:
        topic = full_name(self.settings.prefix, to)
        producer = self.connection.producer(enable_idempotence=True, linger_ms=2)
        await producer.start()
        try:
            waiting = []
            for number, (key, value, *headers) in enumerate(rows):
                waiting.append(
                    await producer.send(topic, key=key, value=value, headers=headers)
                )
                if rate is not None and number % 20 == 19:
                    await asyncio.sleep(20 / rate)
            await asyncio.gather(*waiting)
        finally:
            await producer.stop()

    async def read(self, name: str) -> dict[int, Log]:
        return await kafka_log.read(
            self.connection, f"{self.settings.prefix}.{name}", PARTITIONS
        )

    async def rows(self, name: str) -> list[Row]:
        return [row for log in (await self.read(name)).values() for row in log.values()]

    async def is_drained(self, agent: str) -> bool:
        return kafka_log.is_drained(
            await self.inputs(agent), await self.read(needed(agent).state.name)
        )

    async def inputs(self, agent: str) -> dict[str, dict[int, Log]]:
        """Return what an agent reads, by Kafka topic."""
        return {
            full_name(self.settings.prefix, topic): await self.read(topic.name)
            for topic in needed(agent).inputs
        }

    async def drained(self, agents=AGENTS) -> None:
        for agent in agents:
            await kafka_log.until(lambda agent=agent: self.is_drained(agent))

    async def faults(self, agents=AGENTS) -> list[str]:
        """Decide everything again, and return what is not as it should be."""
        found = []
        for agent in agents:
            rules = rules_of(self.settings, agent)
            written = needed(agent).outputs
            logs = {topic.name: await self.read(topic.name) for topic in written}
            state = await self.read(needed(agent).state.name)
            inputs = await self.inputs(agent)
            for number in range(PARTITIONS):
                outputs = {
                    full_name(self.settings.prefix, topic): _of(
                        agent, logs[topic.name][number]
                    )
                    for topic in written
                }
                found.extend(
                    f"{agent} {number}: {fault}"
                    for fault in kafka_log.faults(
                        rules,
                        number,
                        {topic: log[number] for topic, log in inputs.items()},
                        state[number],
                        outputs,
                    )
                )
        return found

    async def group_offsets(self, agent: str, source: KafkaTopic) -> dict[int, int]:
        """Return what tools that watch lag see of one input of an agent."""
        admin = self.connection.admin()
        await admin.start()
        try:
            group = f"{self.settings.prefix}-{agent}"
            offsets = await admin.list_consumer_group_offsets(group)
        finally:
            await admin.close()
        return {
            place.partition: meta.offset
            for place, meta in offsets.items()
            if isinstance(place, TopicPartition)
            and place.topic == full_name(self.settings.prefix, source)
        }

    def close(self) -> None:
        for worker in self.workers:
            worker.discard()


class Worker:
    """A process of ``caption-worker run``."""

    def __init__(
        self, stage: Stage, agent: str | None, variables: dict[str, str]
    ) -> None:
        self.log = stage.folder / f"worker-{len(stage.workers)}.log"
        settings = stage.settings
        ports = free_ports()
        self.ports = {name: next(ports) for name in ("merge", "topics")}
        with self.log.open("ab") as file:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "workers", "run"),
                    *("--broker", settings.broker, "--prefix", settings.prefix),
                    *(_options(agent) if agent else []),
                ],
                stdout=file,
                stderr=file,
                cwd=ROOT,
                env={
                    **os.environ,
                    "CAPTION_MERGE_METRICS_PORT": str(self.ports["merge"]),
                    "CAPTION_TOPICS_METRICS_PORT": str(self.ports["topics"]),
                    "CAPTION_ADAPT_METRICS_PORT": "0",
                    "CAPTION_PROVIDERS": ",".join(settings.providers) or "none",
                    "CAPTION_SILENCE_S": str(settings.silence_s),
                    **variables,
                },
            )

    async def asked(self, agent: str, path: str) -> tuple[int, str]:
        """Return status and text of what an agent serves; 0 if nobody answers."""
        address = f"http://127.0.0.1:{self.ports[agent]}{path}"

        def ask() -> tuple[int, str]:
            try:
                with urllib.request.urlopen(address, timeout=5) as answer:
                    return answer.status, answer.read().decode()
            except urllib.error.HTTPError as error:
                return error.code, error.read().decode()
            except OSError:
                return 0, ""

        return await asyncio.to_thread(ask)

    async def is_ready(self, agent: str = "merge") -> bool:
        return (await self.asked(agent, "/ready"))[0] == 200

    async def metrics(self, agent: str) -> dict[tuple[str, str], float]:
        """Return the samples of an agent: by name, and its labels as JSON."""
        _, text = await self.asked(agent, "/metrics")
        return {
            (sample.name, json.dumps(sample.labels, sort_keys=True)): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    async def exit_code(self, timeout_s: float = 40) -> int:
        return await asyncio.to_thread(self.process.wait, timeout_s)

    async def end(self, number: signal.Signals) -> int:
        self.send(number)
        return await self.exit_code()

    def children(self) -> list[int]:
        """Return the process ids of its agents."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in listed.read_text().split()]

    async def is_at_work(self) -> bool:
        """Tell whether it has got its partitions."""
        return b"restored" in self.log.read_bytes()

    def discard(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def _options(agent: str) -> list[str]:
    kind, _, provider = agent.partition("-")
    return ["--agent", kind, *(["--provider", provider] if provider else [])]


def _of(agent: str, log: Log) -> Log:
    """Return the records of one agent, where several write to a Kafka topic."""
    source = f"caption-worker/{agent}".encode()
    return {
        offset: row
        for offset, row in log.items()
        if dict(row.headers).get("ce_source") == source
    }


def talk(stream: str, size: int) -> list[CaptionSegment]:
    """Make *size* segments of one stream: interims, finals, one re-sent, an end."""
    segments: list[CaptionSegment] = []
    utterance = 0
    while len(segments) < size:
        at_s = utterance * 3.0
        words = f"{stream} says sentence number {utterance} about the old mill".split()
        segments += [
            _segment(stream, utterance, " ".join(words[:count]), at_s, final=False)
            for count in (3, 6, 8)
        ]
        final = _segment(stream, utterance, " ".join(words) + ".", at_s, final=True)
        segments.append(final)
        if utterance % 5 == 4:
            segments.append(final)
        utterance += 1
    return segments[:size]


def _segment(
    stream: str, utterance: int, text: str, at_s: float, *, final: bool
) -> CaptionSegment:
    return CaptionSegment(
        stream_id=stream,
        text=text,
        is_final=final,
        segment_id=f"u{utterance}",
        start_s=at_s,
        end_s=at_s + 0.3 * len(text.split()),
    )


def end_of(stream: str) -> CaptionSegment:
    return CaptionSegment(stream_id=stream, text="", is_final=True, end_of_stream=True)


def interleaved(talks: list[list[CaptionSegment]]) -> list[CaptionSegment]:
    """Send talks side by side, a segment of each in turn."""
    longest = max(map(len, talks))
    return [talk[at] for at in range(longest) for talk in talks if at < len(talk)]
