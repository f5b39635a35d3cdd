"""``bench view``: what clients of the live page cost the worker."""

import asyncio
from typing import Annotated

import msgspec
import typer
from rich.table import Table as Rich

from workers.cli.bench.group import bench, kafka_for
from workers.cli.options import Broker, Json
from workers.cli.output import as_json, console, notes
from workers.settings import Settings


@bench.command()
def view(
    *,
    streams: Annotated[int, typer.Option(min=1, help="That talk at a time.")] = 20,
    clients: Annotated[int, typer.Option(min=1, help="That follow them.")] = 500,
    seconds: Annotated[int, typer.Option(min=2, help="Of half a round.")] = 20,
    rounds: Annotated[int, typer.Option(min=1, help="Without, then with.")] = 5,
    broker: Broker = None,
    json: Json = False,
) -> None:
    """Measure what clients of the live page cost the worker, and how soon they know.

    Both agents and the view run on live streams, with a guess a word at 200 words a
    minute. From the sending of a segment to its caption read back, committed.

    Examples:
        caption-worker bench view

        caption-worker bench view --clients 1000 --streams 50
    """
    with kafka_for("bench", broker, 4) as settings:
        _view(settings, streams, clients, seconds, rounds, json=json)


def _view(
    settings: Settings,
    streams: int,
    clients: int,
    seconds: int,
    rounds: int,
    *,
    json: bool,
) -> None:
    from workers.app import prepare  # noqa: PLC0415  # slow to import
    from workers.bench.view import measure  # noqa: PLC0415

    asyncio.run(prepare(settings))
    measured = asyncio.run(
        measure(
            settings,
            streams=streams,
            clients=clients,
            seconds=seconds,
            rounds=rounds,
            done=notes.print,
        )
    )
    if json:
        as_json({**msgspec.to_builtins(measured), "ratio": measured.ratio})
        return
    table = Rich(title=f"{streams} streams; milliseconds from segment to caption")
    for column in ("round", "clients", "p50", "p95", "p99"):
        table.add_column(column, justify="right")
    pairs = zip(measured.without, measured.beside, strict=True)
    for number, pair in enumerate(pairs, start=1):
        for count, one in zip((0, clients), pair, strict=True):
            figures = (one.p50, one.p95, one.p99)
            table.add_row(str(number), str(count), *(f"{ms:.0f}" for ms in figures))
    one = measured.client
    figures = (one.p50, one.p95, one.p99)
    table.add_row("all", "at a client", *(f"{ms:.0f}" for ms in figures))
    console.print(table)
    console.print(f"99th percentile with clients to without: {measured.ratio:.2f}")
    console.print(
        f"CPU of the view for a piece at a client: {measured.view_cpu_us:.0f} µs"
    )
