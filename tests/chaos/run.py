"""One run: workers at work, faults done to them, and the oracle's word at the end.

    python -m tests.chaos.run --seed 7 --minutes 5 --brokers 1

Prints the journal as it is written and ends with the report; exit code 1 if the oracle
found anything, if a fault did not happen, or if something went wrong on the way.
"""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from schemas.kafka_topics import SEGMENTS, full_name
from tests.chaos.brokers import Brokers
from tests.chaos.journal import Journal, lines
from tests.chaos.load import Load
from tests.chaos.plan import FAULTS, ON_PROCESSES, Planned, plan, scaled
from tests.chaos.report import report
from tests.chaos.scene import Scene, until
from tests.chaos.slots import Slot
from tests.chaos.watching import Watching
from tests.oracle.captions import captions
from tests.oracle.dump import Dump, take
from tests.oracle.evidence import Evidence
from tests.oracle.oracle import examine
from tests.oracle.violations import Violation
from workers import app
from workers.delivery import kafka_topics
from workers.delivery.position import POSITION_KEY, decode_position
from workers.settings import Settings

PARTITIONS = 4
STREAMS = 24
AT_ONCE = 3
"""So many faults at a time, on different processes."""
DRAINED_S = 240.0
_FAULT_S = 240.0
_AT_WORK_S = 120.0
_FREE_S = 120.0


class Run(NamedTuple):
    """What to do."""

    seed: int
    seconds: float
    counts: dict[str, int]
    brokers: int = 1
    rate: int = 120
    """Records a second."""
    slots: Mapping[str, str] = {"a": "merge", "b": "merge", "c": "merge"}
    """Agent by name; those of one letter before ``c`` are static members."""
    echo: bool = False
    disk_mib: int | None = None
    """How large the disk of each broker is; None: as large as the machine's."""


async def execute(run: Run, folder: Path) -> list[Violation]:
    """Make a run; the journal and all logs are left in *folder*."""
    journal = Journal(folder / "journal.jsonl", echo=run.echo)
    journal.write(
        "begin",
        seed=run.seed,
        seconds=run.seconds,
        brokers=run.brokers,
        rate=run.rate,
        slots=dict(run.slots),
        counts=run.counts,
        machine_load=os.getloadavg()[1],
    )
    brokers = Brokers(run.brokers, run.disk_mib)
    slots: list[Slot] = []
    try:
        await asyncio.to_thread(brokers.start)
        for proxy in brokers.proxies:
            await proxy.start()
        return await _on_stage(run, folder, brokers, slots, journal)
    finally:
        for slot in slots:
            slot.discard()
        for proxy in brokers.proxies:
            await proxy.close()
        await asyncio.to_thread(brokers.close)


async def _on_stage(
    run: Run, folder: Path, brokers: Brokers, slots: list[Slot], journal: Journal
) -> list[Violation]:
    settings = Settings(
        broker=brokers.bootstrap,
        prefix="chaos",
        partitions=PARTITIONS,
        providers=[],
        silence_s=30.0,
        replication_factor=run.brokers,
    )
    # The oracle reads each turn from the state topic: nothing of it may be compacted.
    keep = {"segment.ms": str(10**9), "segment.bytes": str(2**30)}
    with mock.patch.dict(kafka_topics._STATE_CONFIG, keep):
        await app.prepare(settings)
    variables = {
        "CAPTION_BROKER": brokers.proxied,
        "CAPTION_PREFIX": "chaos",
        "CAPTION_PROVIDERS": "none",
        "CAPTION_SILENCE_S": "30",
        "CAPTION_MERGE_METRICS_PORT": "0",
        "CAPTION_TOPICS_METRICS_PORT": "0",
    }
    agents = sorted(set(run.slots.values()))
    watched = {agent: captions(settings, agent) for agent in agents}
    outputs = {agent: each.outputs for agent, each in watched.items()}

    def slot(name: str, agent: str) -> Slot:
        static = name[0] in "ab"
        return Slot(name, agent, variables, folder, journal, static=static)

    def joiner(agent: str) -> Slot:
        made = slot(f"joiner-{len(slots)}", agent)
        made.lasting = False
        return made

    slots += [slot(name, agent) for name, agent in run.slots.items()]
    link = app.connection(settings)
    watching = Watching(
        link,
        sorted({topic for each in outputs.values() for topic in each}),
        [each.group for each in watched.values()],
        PARTITIONS,
    )
    load = Load(
        link, full_name("chaos", SEGMENTS), run.seed, STREAMS, run.rate, journal
    )
    scene = Scene(brokers, slots, joiner, outputs, watching, journal)
    try:
        await _at_work(scene)
        await _do(run, scene)
        await load.stop()
        journal.write("drain", sent=load.count)
        await _drained(link, settings, agents, journal)
        await _stopped(scene)
    finally:
        await scene.close()
        await watching.stop()
    topics = {topic for each in watched.values() for topic in each.topics}
    dump = await take(link, topics, [each.group for each in watched.values()])
    dump.save(folder / "dump.msgpack")
    return _judge(dump, watched, load, watching, journal)


async def _at_work(scene: Scene) -> None:
    all_at_work = await until(
        lambda: all(slot.at_work() for slot in scene.slots), _AT_WORK_S
    )
    scene.journal.write("at work" if all_at_work else "not at work")


async def _do(run: Run, scene: Scene) -> None:
    """Make the faults as planned; a fault that cannot be made in time is void."""
    few = asyncio.Semaphore(AT_ONCE)
    began = time.monotonic()

    async def one(planned: Planned) -> None:
        async with few:
            await _fault(planned, scene)

    tasks = []
    for planned in plan(run.seed, run.seconds, run.counts):
        await asyncio.sleep(max(0.0, began + planned.at_s - time.monotonic()))
        async with few:  # one that waits is not started before those before it
            pass
        tasks.append(asyncio.create_task(one(planned)))
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)


async def _fault(planned: Planned, scene: Scene) -> None:
    alone = planned.kind in ON_PROCESSES
    slot = await _free(planned, scene, alone=alone)
    name = None if slot is None else slot.name
    scene.journal.write("fault", number=planned.number, kind=planned.kind, slot=name)
    happened: dict[str, Any] | None = None
    error = None
    if slot is not None:
        try:
            async with asyncio.timeout(_FAULT_S):
                happened = await FAULTS[planned.kind](scene, slot, planned.dice)
        except Exception as raised:  # noqa: BLE001  # told in the journal, run is void
            error = repr(raised)
        finally:
            if alone:
                slot.busy.release()
    scene.journal.write(
        "happened" if happened else "void",
        number=planned.number,
        kind=planned.kind,
        slot=name,
        **(happened or {}),
        **({"error": error} if error else {}),
    )


async def _free(planned: Planned, scene: Scene, *, alone: bool) -> Slot | None:
    """Choose a process, for a fault of its own one that is at work and untouched."""
    lasting = sorted(
        (slot for slot in scene.slots if slot.lasting), key=lambda each: each.name
    )
    if not alone:
        return planned.dice.choice(lasting)
    end = time.monotonic() + _FREE_S
    while time.monotonic() < end:
        free = [slot for slot in lasting if not slot.busy.locked() and slot.at_work()]
        if free:
            slot = planned.dice.choice(free)
            await slot.busy.acquire()
            return slot
        await asyncio.sleep(0.1)
    return None


async def _drained(
    link: Any, settings: Settings, agents: list[str], journal: Journal
) -> None:
    """Wait until all input is decided, agent by agent as captions go."""
    end = time.monotonic() + DRAINED_S
    for agent in sorted(agents):  # merge before topics
        watched = captions(settings, agent)
        while time.monotonic() < end:
            dump = await take(link, [*watched.inputs, watched.state], [])
            if _is_drained(dump, watched.inputs, watched.state):
                break
            await asyncio.sleep(2)
        else:
            journal.write("not drained", agent=agent)


def _is_drained(dump: Dump, inputs: tuple[str, ...], state: str) -> bool:
    for log in dump.logs[state]:
        positions = [
            decode_position(entry.value)
            for entry in log.entries
            if entry.key == POSITION_KEY and entry.offset in log.seen[-50:]
        ]
        at = positions[-1].next if positions else {}
        for topic in inputs:
            entries = dump.logs[topic][log.partition].entries
            if entries and entries[-1].offset >= at.get(topic, 0):
                return False
    return True


async def _stopped(scene: Scene) -> None:
    """Tell all workers to stop; each has to end with 0."""
    for slot in scene.slots:
        slot.wanted = False
        slot.expected = "end"
        slot.send(15)
    for slot in scene.slots:
        if slot.process is not None and await slot.ended(40) is None:
            scene.journal.write("hang", slot=slot.name)
    await asyncio.sleep(0.1)


def _judge(
    dump: Dump,
    watched: Mapping[str, Any],
    load: Load,
    watching: Watching,
    journal: Journal,
) -> list[Violation]:
    violations: list[Violation] = []
    sent = load.sent(dump)
    for agent, each in watched.items():
        read = {
            place: offsets
            for place, offsets in watching.read.items()
            if place[0] in each.outputs
        }
        evidence = Evidence(dump, sent, read, watching.told[each.group])
        found = examine(evidence, each)
        for violation in found:
            kind, where, told = violation
            journal.write("violation", agent=agent, kind=kind, where=where, told=told)
        violations += found
    counts = {
        topic: sum(len(log.entries) for log in logs)
        for topic, logs in dump.logs.items()
    }
    journal.write(
        "end",
        violations=len(violations),
        sent=len(sent),
        records=counts,
        machine_load=os.getloadavg()[2],
    )
    return violations


def main() -> None:
    """Read the command line and make a run."""
    parser = argparse.ArgumentParser(description="Faults on purpose, judged by the log")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--brokers", type=int, choices=(1, 3), default=1)
    parser.add_argument("--rate", type=int, default=100, help="records a second")
    parser.add_argument("--topics", action="store_true", help="agent topics too")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        type=_kind,
        metavar="KIND=TIMES",
        help=f"instead of the whole mix; kinds: {', '.join(FAULTS)}",
    )
    parser.add_argument(
        "--disk",
        type=int,
        metavar="MIB",
        help="each broker on a disk of its own, in memory, for root only; else a full "
        "disk is a broker that may not write",
    )
    parser.add_argument("--keep", type=Path, help="where journal and logs are left")
    given = parser.parse_args()
    slots = {"a": "merge", "b": "merge", "c": "merge"}
    if given.topics:
        slots |= {"a-topics": "topics"}
    run = Run(
        given.seed,
        given.minutes * 60,
        dict(given.only) or scaled(given.minutes),
        given.brokers,
        given.rate,
        slots=slots,
        echo=True,
        disk_mib=given.disk,
    )
    folder = given.keep or Path(tempfile.mkdtemp(prefix="caption-worker-chaos-"))
    if folder.exists() and given.keep:
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    violations = asyncio.run(execute(run, folder))
    journal = list(lines(folder / "journal.jsonl"))
    sys.stdout.write(f"{report([journal])}\n\nall of it: {folder}\n")
    sys.exit(bool(violations))


def _kind(text: str) -> tuple[str, int]:
    kind, _, times = text.partition("=")
    if kind not in FAULTS:
        raise argparse.ArgumentTypeError(f"no fault is called {kind!r}")
    return kind, int(times or 1)


if __name__ == "__main__":
    main()
