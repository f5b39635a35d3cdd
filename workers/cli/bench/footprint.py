"""``bench footprint``: what streams cost in CPU, memory, state and bytes on Kafka."""

import asyncio
from typing import Annotated

import typer

from workers.bench.table import Table
from workers.cli.bench.group import bench, kafka_for, print_tables
from workers.cli.options import Broker, Json
from workers.settings import Settings


@bench.command()
def footprint(
    *,
    streams: Annotated[int, typer.Option(min=1, help="Live at a time.")] = 1000,
    each: Annotated[int, typer.Option(min=1, help="Segments of each stream.")] = 60,
    partitions: Annotated[int, typer.Option(min=1, help="Of each Kafka topic.")] = 4,
    broker: Broker = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="As in docs/SIZING.md.")
    ] = False,
    json: Json = False,
) -> None:
    """Measure what streams cost: CPU, memory, state, and bytes on Kafka.

    One process of each agent works off a backlog of the demo's talk in many streams;
    Kafka is fetched and started unless one is given.

    Examples:
        caption-worker bench footprint

        caption-worker bench footprint --streams 5000 --each 40 --markdown
    """
    with kafka_for("footprint", broker, partitions) as settings:
        made = asyncio.run(_footprint(settings, streams, each))
    print_tables(made, markdown=markdown, json=json)


async def _footprint(settings: Settings, streams: int, each: int) -> dict[str, Table]:
    from workers.app import prepare  # noqa: PLC0415  # slow to import
    from workers.bench.footprint import (  # noqa: PLC0415
        footprints,
        tables,
        written,
    )

    await prepare(settings)
    found = await footprints(settings, streams, each)
    return tables(found, await written(settings), streams * each)
