"""``topics``: the Kafka topics, created and checked."""

import asyncio
from typing import Annotated

import typer

from workers.cli.main import app
from workers.cli.options import Broker, Json, Prefix
from workers.cli.output import as_json, console
from workers.settings import load_settings


@app.command()
def topics(
    *,
    broker: Broker = None,
    prefix: Prefix = None,
    partitions: Annotated[
        int | None,
        typer.Option(
            min=1, help="Of new Kafka topics; else the setting.", show_default=False
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Create nothing, only look.")
    ] = False,
    json: Json = False,
) -> None:
    """Create the Kafka topics that are missing, and check all of them.

    They have to have the same number of partitions, and those of state have to be
    compacted; what is wrong is told by name, and nothing that exists is changed.

    Examples:
        caption-worker topics --broker kafka:9092 --partitions 24

        caption-worker topics --check
    """
    from workers import app as parts  # noqa: PLC0415  # slow to import
    from workers.delivery.kafka_topics import check_topics  # noqa: PLC0415

    settings = load_settings(broker=broker, prefix=prefix, partitions=partitions)
    names = [topic.name for topic in parts.kafka_topics(settings)]
    created: list[str] = []
    if check:
        link = parts.connection(settings)
        asyncio.run(check_topics(link, parts.kafka_topics(settings)))
    else:
        created = asyncio.run(parts.prepare(settings))
    if json:
        as_json({"topics": names, "created": created})
        return
    for name in names:
        console.print(f"{'created' if name in created else 'in order':9} {name}")
