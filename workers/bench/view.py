"""What clients of the live page cost the worker, and how soon they have what was said.

Rounds without and with clients take turns, so that what else the machine does falls on
both alike; the ratio is what tells.
"""

import asyncio
import math
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from statistics import median
from typing import NamedTuple

import orjson
from msgspec import Struct

from schemas.kafka_topics import CAPTIONS, full_name
from workers.app import connection
from workers.bench.drain import cpu_seconds
from workers.bench.talking import age_ms, names, talk
from workers.settings import Settings

SETTLE_S = 3.0
FIRST_WORDS_S = 90.0


class Spread(Struct, frozen=True, kw_only=True):
    """How ages are spread, in milliseconds; nearest rank."""

    count: int
    p50: float
    p95: float
    p99: float


class Measured(Struct, frozen=True, kw_only=True):
    """What came out of all rounds."""

    streams: int
    clients: int
    without: list[Spread]
    """Segment sent to caption committed and read, with nobody at the page; a round."""
    beside: list[Spread]
    """The same, with clients that follow."""
    client: Spread
    """Segment sent to the caption at a client."""
    view_cpu_us: float
    """Of the view, for each piece that came to a client."""

    @property
    def ratio(self) -> float:
        """How much longer the 99th percentile is with clients: the median of rounds."""
        pairs = zip(self.without, self.beside, strict=True)
        return median(beside.p99 / without.p99 for without, beside in pairs)


class Live(NamedTuple):
    """A running view."""

    port: int
    pid: int


def spread(ages: Iterable[float]) -> Spread:
    """Return how ages are spread."""
    ordered = sorted(ages)

    def at(share: float) -> float:
        return ordered[math.ceil(share * len(ordered)) - 1]

    return Spread(count=len(ordered), p50=at(0.5), p95=at(0.95), p99=at(0.99))


@asynccontextmanager
async def live(settings: Settings, streams: Sequence[str]) -> AsyncIterator["Live"]:
    """Run the agents and the view on streams that talk."""
    with _command(settings, "run"), _command(settings, "view", "--port", "0") as view:
        assert view.stdout is not None
        address = await asyncio.to_thread(view.stdout.readline)
        talking = asyncio.create_task(talk(settings, streams))
        try:
            await _first_words(settings)
            await asyncio.sleep(SETTLE_S)
            port = int(address.decode().strip().rstrip("/").rpartition(":")[2])
            yield Live(port, view.pid)
        finally:
            talking.cancel()
            await asyncio.gather(talking, return_exceptions=True)


async def measure(
    settings: Settings,
    *,
    streams: int,
    clients: int,
    seconds: float,
    rounds: int,
    done: Callable[[str], None],
) -> Measured:
    """Measure rounds without and with clients.

    Args:
        settings: Broker and prefix, with all Kafka topics there.
        streams: That talk.
        clients: That follow them, shared out evenly.
        seconds: Of each half of a round.
        rounds: How many.
        done: Told what is being done.
    """
    without: list[Spread] = []
    beside: list[Spread] = []
    ages: list[float] = []
    chosen = names(streams)
    cpu_s = 0.0
    async with live(settings, chosen) as view:
        for number in range(1, rounds + 1):
            done(f"round {number} of {rounds}: nobody looks")
            cpu_s += cpu_seconds(view.pid)
            without.append(spread(await _committed(settings, seconds)))
            cpu_s -= cpu_seconds(view.pid)
            done(f"round {number} of {rounds}: {clients} clients follow")
            with _clients(view.port, clients, chosen) as following:
                assert following.stdout is not None
                await asyncio.to_thread(following.stdout.readline)
                cpu_s -= cpu_seconds(view.pid)
                beside.append(spread(await _committed(settings, seconds)))
                cpu_s += cpu_seconds(view.pid)
                said, _ = await asyncio.to_thread(following.communicate, b"")
                ages += orjson.loads(said)
    return Measured(
        streams=streams,
        clients=clients,
        without=without,
        beside=beside,
        client=spread(ages),
        view_cpu_us=1e6 * cpu_s / len(ages),
    )


async def _committed(settings: Settings, seconds: float) -> list[float]:
    """Read captions for some seconds; return how old their newest words were."""
    consumer = connection(settings).consumer(auto_offset_reset="latest")
    consumer.subscribe([full_name(settings.prefix, CAPTIONS)])
    await consumer.start()
    ages: list[float] = []
    try:
        await consumer.seek_to_end()
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s:
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    if ("ce_type", b"captions.caption.updated.v1") in record.headers:
                        age = age_ms(record.value)
                        ages += [] if age is None else [age]
    finally:
        await consumer.stop()
    return ages


async def _first_words(settings: Settings) -> None:
    until_s = time.monotonic() + FIRST_WORDS_S
    while not await _committed(settings, 1.0):
        if time.monotonic() > until_s:
            raise RuntimeError(f"no caption came in {FIRST_WORDS_S:.0f} s")


@contextmanager
def _command(settings: Settings, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    options = ("--broker", settings.broker, "--prefix", settings.prefix)
    with _child("-m", "workers", *words, *options, "--with-parent") as process:
        yield process


@contextmanager
def _clients(
    port: int, count: int, streams: Sequence[str]
) -> Iterator[subprocess.Popen[bytes]]:
    words = ("-m", "workers.bench.clients", str(port), str(count), *streams)
    with _child(*words) as process:
        yield process


@contextmanager
def _child(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, *words],
        stdin=subprocess.PIPE,  # ends with us, however we end
        stdout=subprocess.PIPE,
        env={
            **os.environ,
            "CAPTION_MERGE_METRICS_PORT": "0",
            "CAPTION_TOPICS_METRICS_PORT": "0",
            "CAPTION_LOG_LEVEL": "error",
        },
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
