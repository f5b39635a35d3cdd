"""``topics``: the Kafka topics, created and checked."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from workers.cli.main import app
from workers.cli.options import Broker, Json, Prefix
from workers.cli.output import as_json, console
from workers.settings import Settings, load_settings


@app.command()
def topics(
    *,
    broker: Broker = None,
    prefix: Prefix = None,
    partitions: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="How many each has; else the setting, for new ones only.",
            show_default=False,
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Create nothing, only look.")
    ] = False,
    json: Json = False,
) -> None:
    """Create the Kafka topics that are missing, and check all of them.

    They have to have the same number of partitions, and those of state have to be
    compacted; what is wrong is told by name, and nothing that exists is changed. While
    something is wrong, nothing is created.

    Examples:
        caption-worker topics --broker kafka:9092 --partitions 24

        caption-worker topics --check
    """
    from workers.app import kafka_topics  # noqa: PLC0415  # slow to import

    settings = load_settings(broker=broker, prefix=prefix, partitions=partitions)
    # As a setting, the number is that of new ones; who asks for it means all.
    wanted = kafka_topics(settings, create=partitions is not None)
    created = asyncio.run(_checked(settings, wanted, create=not check))
    names = [topic.name for topic in wanted]
    if json:
        as_json({"topics": names, "created": created})
        return
    for name in names:
        console.print(f"{'created' if name in created else 'ok':9} {name}")


async def _checked(
    settings: Settings, wanted: Sequence[Any], *, create: bool
) -> list[str]:
    """Check the Kafka topics, and create what is missing, unless others are wrong."""
    from workers.app import connection, prepare  # noqa: PLC0415  # slow to import
    from workers.delivery.kafka_topics import (  # noqa: PLC0415
        TopicsError,
        check_topics,
    )

    link = connection(settings)
    try:
        await check_topics(link, wanted)
    except TopicsError as error:
        wrong = [fault for fault in error.faults if fault.kind != "missing"]
        if not create:
            raise
        if wrong:
            raise TopicsError(wrong) from None
    else:
        return []
    return await prepare(settings)
