"""``make bench-peers``: the job by all peers, in rounds, so that noise meets all alike.

Each round measures every peer once: a backlog, two rates, a kill -9. What each run gave
is a line of the journal, from which `tests.bench.peers.report` writes docs/PEERS.md.
"""

import argparse
import asyncio
import contextlib
import datetime as dt
import logging
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
from msgspec.structs import replace

from tests.bench.peers.contestants import CONTESTANTS, Contestant
from tests.bench.peers.drain import drain
from tests.bench.peers.environments import OURS, python_of
from tests.bench.peers.kafka_side import fill
from tests.bench.peers.latency import latency
from tests.bench.peers.machine import cores, processor
from tests.bench.peers.recovery import recovery
from tests.bench.peers.report import JOURNAL, table, write_page
from tests.bench.peers.segments import Sent, segments
from workers.broker import EmbeddedKafka
from workers.delivery.clients import Connection

RATES = (300, 1500)
KILL_RATE = 500
_FED = 120_000
"""Segments ready for the longest feed."""


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("make bench-peers", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="of the backlog")
    parser.add_argument("--paced-rounds", type=int, default=1, help="of the others")
    parser.add_argument("--segments", type=int, default=100_000, help="of the backlog")
    parser.add_argument("--seconds", type=float, default=5, help="at each rate")
    parser.add_argument("--only", nargs="*", help="names of peers")
    parser.add_argument("--what", nargs="*", default=["drain", "latency", "recovery"])
    parser.add_argument("--broker", help="a Kafka that runs; else one of our own")
    parser.add_argument(
        "--against", type=Path, help="another checkout of ours, measured beside this"
    )
    parser.add_argument(
        "--keep", action="store_true", help="write the journal and docs/PEERS.md"
    )
    return parser.parse_args(given)


def chosen(options: argparse.Namespace) -> list[Contestant]:
    peers = [one for one in CONTESTANTS if not options.only or one.name in options.only]
    if options.against:
        peers += [
            replace(one, name=f"{one.name}-before", root=options.against.resolve())
            for one in peers
            if one.folder == OURS
        ]
    return peers


Backlog = tuple[str, list[Sent]]
"""A Kafka topic, and what is on it."""


class Journal:
    """The lines of a run, told as they come."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.lines = [about(options)]

    def note(self, line: dict[str, Any]) -> None:
        self.lines.append(line)
        sys.stderr.write(orjson.dumps(line).decode() + "\n")


async def measure(
    broker: str, peers: list[Contestant], options: argparse.Namespace, journal: Journal
) -> None:
    """Run all rounds."""
    connection = Connection(bootstrap=broker)
    sent = list(segments(max(options.segments, _FED)))
    if "drain" in options.what:
        drained = [one for one in peers if "drain" in one.measured]
        sizes = {round(one.share * options.segments) for one in drained}
        backlogs = {
            size: (f"peers-{time.time_ns()}-{size}", sent[:size]) for size in sizes
        }
        for backlog in backlogs.values():
            await fill(connection, *backlog)
        for number in range(options.rounds):
            for peer in _turned(drained, number):
                backlog = backlogs[round(peer.share * options.segments)]
                journal.note(await drain(connection, peer, *backlog))
    for number in range(options.paced_rounds):
        for peer in _turned(peers, number):
            measured = {*peer.measured} & {*options.what}
            for rate in RATES if "latency" in measured else ():
                seconds = options.seconds
                journal.note(await latency(connection, peer, rate, seconds, sent))
            if "recovery" in measured:
                journal.note(await recovery(connection, peer, KILL_RATE, sent))


def _turned(peers: list[Contestant], by: int) -> list[Contestant]:
    """Return all peers, another one first each time."""
    by %= len(peers)
    return peers[by:] + peers[:by]


def about(options: argparse.Namespace) -> dict[str, Any]:
    """Return the first line: what was measured, where and when."""
    return {
        "what": "about",
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "processor": processor(),
        "cores": cores(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "segments": options.segments,
        "seconds": options.seconds,
    }


@contextlib.contextmanager
def kafka(broker: str | None) -> Iterator[str]:
    if broker is not None:
        yield broker
        return
    with EmbeddedKafka(heap_mib=1024) as embedded:
        yield embedded.bootstrap


def main() -> None:
    options = arguments()
    peers = chosen(options)
    for peer in peers:
        python_of(peer.folder)
    began_s = time.monotonic()
    journal = Journal(options)
    # Of new Kafka topics it complains until all of the broker knows them.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with kafka(options.broker) as broker:
        asyncio.run(measure(broker, peers, options, journal))
    lines = journal.lines
    lines[0]["minutes"] = round((time.monotonic() - began_s) / 60, 1)
    if options.keep:
        JOURNAL.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
        write_page()
    sys.stdout.write(table(lines))


if __name__ == "__main__":
    main()
