"""How long it takes to read state back, against its size, on a real Kafka.

Each time is of a process of its own, as in life: the first use of its memory is in it.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from statistics import median
from typing import Final

from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from msgspec import Struct

from schemas.kafka_topics import STATES, Agent, full_name
from workers.app import connection, prepare, rules_of
from workers.bench.states import Written, fill
from workers.bench.table import Table
from workers.delivery.restore import restore
from workers.settings import Settings

NOT_COMPACTED: Final = {"min.compaction.lag.ms": str(2**62)}
"""What is to be read must not change while it is timed."""


class Case(Struct, frozen=True):
    """What to write before it is read back."""

    streams: int
    rewritten: int = 1
    """How often the state of each is written."""
    segments: int | None = None
    """How much of the talk a stream is in at most; None: all."""


class Timing(Struct, frozen=True):
    """One restore."""

    seconds: float
    cpu_seconds: float
    entries: int


class Restored(Struct, frozen=True):
    """All restores of one case."""

    agent: Agent
    written: Written
    timings: tuple[Timing, ...]

    @property
    def seconds(self) -> float:
        """The median."""
        return median(one.seconds for one in self.timings)

    @property
    def cpu_seconds(self) -> float:
        """The median."""
        return median(one.cpu_seconds for one in self.timings)


async def measure(
    settings: Settings,
    agent: Agent,
    cases: Sequence[Case],
    rounds: int,
    done: Callable[[str], None],
) -> list[Restored]:
    """Write the states of each case and read them back.

    Args:
        settings: Kafka, and a prefix that others are made of.
        agent: Whose states.
        cases: Each on Kafka topics of its own.
        rounds: So many restores of each case, the cases in turn.
        done: Is told what is done.
    """
    written = {}
    for number, case in enumerate(cases):
        at = replace_prefix(settings, number)
        await prepare(at)
        await _let_nothing_be_compacted(at, agent)
        written[number] = await fill(
            at, agent, case.streams, case.rewritten, case.segments
        )
        done(
            f"written: {written[number].records:,} records of {case.streams:,} streams"
        )
    timings: dict[int, list[Timing]] = {number: [] for number in written}
    for _ in range(rounds):
        for number, there in written.items():
            timed = await timing(replace_prefix(settings, number), agent)
            if timed.entries != there.streams:
                raise RuntimeError(
                    f"{timed.entries} states were read back of {there.streams}"
                )
            timings[number].append(timed)
            done(f"read back: {there.records:,} in {timed.seconds:.2f} s")
    return [
        Restored(agent, there, tuple(timings[number]))
        for number, there in written.items()
    ]


def replace_prefix(settings: Settings, number: int) -> Settings:
    """Return the same settings, with Kafka topics of their own."""
    return settings.model_copy(update={"prefix": f"{settings.prefix}-{number}"})


async def timing(settings: Settings, agent: Agent) -> Timing:
    """Time one restore, in a new process."""
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        return await loop.run_in_executor(processes, partial(_timing, settings, agent))


def _timing(settings: Settings, agent: Agent) -> Timing:
    logging.disable()
    return asyncio.run(_timed(settings, agent))


async def _timed(settings: Settings, agent: Agent) -> Timing:
    rules = rules_of(settings, agent)  # the topics' model takes a second to load
    topic = full_name(settings.prefix, STATES[agent])
    partitions = range(settings.partitions)
    started, cpu_started = time.perf_counter(), time.process_time()
    restored = await restore(
        connection(settings), rules, topic, partitions, lambda *_: None
    )
    return Timing(
        time.perf_counter() - started,
        time.process_time() - cpu_started,
        sum(len(each.states) for each in restored.values()),
    )


def table(found: Sequence[Restored]) -> Table:
    """Return time against size."""
    return Table(
        "state read back, by one process",
        (
            *("agent", "streams", "records", "bytes a record", "MB"),
            *("s", "CPU s", "records/s", "MB/s", "s slowest"),
        ),
        tuple(
            (
                one.agent,
                one.written.streams,
                one.written.records,
                round(one.written.size_bytes / one.written.records),
                round(one.written.size_bytes / 1e6, 1),
                round(one.seconds, 2),
                round(one.cpu_seconds, 2),
                round(one.written.records / one.seconds),
                round(one.written.size_bytes / one.seconds / 1e6),
                round(max(each.seconds for each in one.timings), 2),
            )
            for one in found
        ),
    )


async def _let_nothing_be_compacted(settings: Settings, agent: Agent) -> None:
    topic = full_name(settings.prefix, STATES[agent])
    config = {"cleanup.policy": "compact", **NOT_COMPACTED}
    admin = connection(settings).admin()
    await admin.start()
    try:
        await admin.alter_configs(
            [ConfigResource(ConfigResourceType.TOPIC, topic, config)]
        )
    finally:
        await admin.close()
