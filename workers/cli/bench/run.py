"""``bench run``: how fast one process of each agent works a backlog off."""

import asyncio
import os
from typing import Annotated

import typer
from rich.table import Table as Rich

from workers.cli.bench.group import bench, kafka_for
from workers.cli.errors import CommandError
from workers.cli.options import Broker, Json
from workers.cli.output import as_json, console, notes
from workers.compiled import rules_are_compiled
from workers.settings import Settings

SAMPLE = 8_000
"""Segments by which the stages are timed."""


@bench.command()
def run(
    *,
    segments: Annotated[int, typer.Option(min=1000, help="In the backlog.")] = 100_000,
    streams: Annotated[int, typer.Option(min=1, help="Live at a time.")] = 200,
    partitions: Annotated[int, typer.Option(min=1, help="Of each Kafka topic.")] = 4,
    processes: Annotated[
        int, typer.Option(min=1, max=16, help="Of an agent, side by side.")
    ] = 1,
    broker: Broker = None,
    json: Json = False,
) -> None:
    """Let each agent work a backlog off, one agent after the other.

    The backlog is the demo's talk in many streams: about eight interims for each
    final. A rate counts from a tenth of the backlog on, so that starting is not in it;
    below about 30,000 segments it means little, since an agent is done within seconds.

    Examples:
        caption-worker bench run

        caption-worker bench run --segments 300000 --streams 1000

        caption-worker bench run --processes 2 --partitions 8
    """
    if processes > partitions:
        raise CommandError(f"{processes} processes share {partitions} partitions")
    with kafka_for("bench", broker, partitions) as settings:
        _run(settings, segments, streams, processes, json=json)


def _run(
    settings: Settings, segments: int, streams: int, processes: int, *, json: bool
) -> None:
    from workers.app import (  # noqa: PLC0415  # slow to import
        caption_rules,
        prepare,
        topic_model,
    )
    from workers.bench import drain, load, stages  # noqa: PLC0415

    asyncio.run(prepare(settings))
    notes.print(f"sending {segments:,} segments of {streams:,} streams")
    asyncio.run(drain.send(settings, load.segments(segments, streams)))
    drains = []
    for agent in ("merge", "topics"):
        notes.print(f"agent {agent} works its backlog off")
        try:
            drains.append(asyncio.run(drain.drain(settings, agent, processes)))
        except drain.DrainError as error:
            raise CommandError(str(error)) from error
    whole_s = sum(one.cpu_s for one in drains) / segments * 100_000
    notes.print("timing the stages")
    sample = list(load.segments(SAMPLE, min(streams, 20)))
    timed = stages.measure(sample, topic_model(settings), caption_rules(settings))
    if json:
        as_json(
            {
                "segments": segments,
                "streams": streams,
                "partitions": settings.partitions,
                "processes": processes,
                "cores": os.cpu_count(),
                "rules_compiled": rules_are_compiled(),
                "agents": {
                    one.agent: {
                        "records_per_second": round(one.rate),
                        "cpu_us_per_record": round(
                            one.cpu_seconds / one.records * 1e6, 1
                        ),
                    }
                    for one in drains
                },
                "cpu_s_for_100000_segments": round(whole_s, 1),
                "stages_us": {name: round(us, 1) for name, us, _ in timed},
            }
        )
        return
    how = "compiled" if rules_are_compiled() else "not compiled"
    many = "one process" if processes == 1 else f"{processes} processes"
    console.print(
        f"{segments:,} segments of {streams:,} streams, {many} an agent, rules {how}"
    )
    table = Rich()
    for column in ("agent", "records/s", "CPU µs a record"):
        table.add_column(column, justify="left" if column == "agent" else "right")
    for one in drains:
        cpu_us = one.cpu_seconds / one.records * 1e6
        table.add_row(one.agent, f"{one.rate:,.0f}", f"{cpu_us:.0f}")
    console.print(table)
    console.print(f"both agents: {whole_s:.1f} s of CPU for 100,000 segments")
    table = Rich(title="Where the time goes, without Kafka")
    for column in ("stage", "µs", "for each"):
        table.add_column(column, justify="right" if column == "µs" else "left")
    for name, us, unit in timed:
        table.add_row(name, f"{us:.1f}", unit)
    console.print(table)
