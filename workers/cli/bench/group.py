"""What the commands of ``bench`` share: their group, a Kafka, how tables come out."""

import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import typer

from workers.bench.table import Table
from workers.broker import EmbeddedKafka
from workers.cli.main import app
from workers.cli.output import as_json, console, notes
from workers.cli.removal import remove
from workers.settings import Settings, load_settings

bench = typer.Typer(
    help="Measure the worker on this machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(bench, name="bench")


@bench.callback()
def about() -> None:
    """Measure the worker on this machine."""


@contextmanager
def kafka_at(broker: str | None) -> Iterator[str]:
    """Give the address of a Kafka: *broker*, or one of our own for so long."""
    if broker is not None:
        yield broker
        return
    notes.print("starting Kafka")
    with EmbeddedKafka() as kafka:
        yield kafka.bootstrap


@contextmanager
def kafka_for(name: str, broker: str | None, partitions: int) -> Iterator[Settings]:
    """Give settings for a measurement: Kafka topics that no other one has.

    On a Kafka of somebody's they are removed at the end, however it ends.

    Args:
        name: What is measured; their prefix begins with it.
        broker: Somebody's Kafka; None for one of our own.
        partitions: Of each Kafka topic.
    """
    with kafka_at(broker) as address:
        prefix = f"{name}-{uuid.uuid4().hex[:8]}"
        settings = load_settings(broker=address, prefix=prefix, partitions=partitions)
        try:
            yield settings
        finally:
            if broker is not None:
                remove(settings)


def print_tables(made: Mapping[str, Table], *, markdown: bool, json: bool) -> None:
    """Print tables for people, for a document or for scripts."""
    if json:
        as_json({name: table.records() for name, table in made.items()})
    elif markdown:
        # Not by the console, which would break its lines.
        sys.stdout.write("\n".join(table.markdown() for table in made.values()))
    else:
        for table in made.values():
            console.print(table.printed())
