"""``topics``: the Kafka topics, created and checked."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from msgspec import to_builtins

from workers.cli.main import app
from workers.cli.options import Broker, Json, Prefix
from workers.cli.output import as_json, console, notes
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
    something is wrong, nothing is created. Where one works but is set otherwise than a
    new one would be, it is told what that means, with the command that alters it.

    Examples:
        caption-worker topics --broker kafka:9092 --partitions 24

        caption-worker topics --check
    """
    from workers.app import connection, kafka_topics  # noqa: PLC0415  # slow to import
    from workers.cli.topic_settings import told  # noqa: PLC0415

    settings = load_settings(broker=broker, prefix=prefix, partitions=partitions)
    # As a setting, the number is that of new ones; who asks for it means all.
    wanted = kafka_topics(settings, create=partitions is not None)
    created, otherwise = asyncio.run(_checked(settings, wanted, create=not check))
    names = [topic.name for topic in wanted]
    if json:
        differ = [to_builtins(each) for each in otherwise]
        as_json({"topics": names, "created": created, "differences": differ})
        return
    for name in names:
        console.print(f"{'created' if name in created else 'ok':9} {name}")
    for said, command in told(otherwise, connection(settings)):
        notes.print(f"{said}; to have it as new ones are:\n  {command}", soft_wrap=True)


async def _checked(
    settings: Settings, wanted: Sequence[Any], *, create: bool
) -> tuple[list[str], list[Any]]:
    """Check the Kafka topics, and create what is missing, unless others are wrong.

    Return the names of new ones, and what of the others is set otherwise.
    """
    from workers.app import (  # noqa: PLC0415  # slow to import
        connection,
        kafka_topics,
        prepare,
    )
    from workers.delivery.kafka_topics import (  # noqa: PLC0415
        TopicsError,
        check_topics,
    )
    from workers.delivery.topic_settings import differences  # noqa: PLC0415

    link = connection(settings)
    try:
        await check_topics(link, wanted)
    except TopicsError as error:
        wrong = [fault for fault in error.faults if fault.kind != "missing"]
        if not create:
            raise
        if wrong:
            raise TopicsError(wrong) from None
        otherwise = await differences(link, kafka_topics(settings))
        return await prepare(settings), otherwise
    return [], await differences(link, kafka_topics(settings))
