"""``bench run``: how fast one process of each agent works a backlog off."""

import asyncio
import os
from typing import Annotated

import typer
from rich.table import Table as Rich

from workers.cli.bench.group import bench, kafka_at, prefix_of_its_own
from workers.cli.options import Broker, Json
from workers.cli.output import as_json, console, notes
from workers.compiled import rules_are_compiled
from workers.settings import load_settings

SAMPLE = 8_000
"""Segments by which the stages are timed."""


@bench.command()
def run(
    *,
    segments: Annotated[int, typer.Option(min=1000, help="In the backlog.")] = 100_000,
    streams: Annotated[int, typer.Option(min=1, help="Live at a time.")] = 200,
    partitions: Annotated[int, typer.Option(min=1, help="Of each Kafka topic.")] = 4,
    broker: Broker = None,
    json: Json = False,
) -> None:
    """Let one process of each agent work a backlog off, one after the other.

    The backlog is the demo's talk in many streams: about eight interims for each
    final. A rate counts from a tenth of the backlog on, so that starting is not in it;
    below about 30,000 segments it means little, since an agent is done within seconds.

    Examples:
        caption-worker bench run

        caption-worker bench run --segments 300000 --streams 1000
    """
    with kafka_at(broker) as address:
        _run(address, segments, streams, partitions, json=json)


def _run(
    broker: str, segments: int, streams: int, partitions: int, *, json: bool
) -> None:
    from workers.app import (  # noqa: PLC0415  # slow to import
        caption_rules,
        prepare,
        topic_model,
    )
    from workers.bench import drain, load, stages  # noqa: PLC0415

    settings = load_settings(
        broker=broker, prefix=prefix_of_its_own("bench"), partitions=partitions
    )
    asyncio.run(prepare(settings))
    notes.print(f"sending {segments:,} segments of {streams:,} streams")
    asyncio.run(drain.send(settings, load.segments(segments, streams)))
    drains = []
    for agent in ("merge", "topics"):
        notes.print(f"agent {agent} works its backlog off")
        drains.append(asyncio.run(drain.drain(settings, agent)))
    whole_s = sum(one.cpu_s for one in drains) / segments * 100_000
    notes.print("timing the stages")
    sample = list(load.segments(SAMPLE, min(streams, 20)))
    timed = stages.measure(sample, topic_model(settings), caption_rules(settings))
    if json:
        as_json(
            {
                "segments": segments,
                "streams": streams,
                "partitions": partitions,
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
    table = Rich(title=f"{segments:,} segments, {streams:,} streams; rules {how}")
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
