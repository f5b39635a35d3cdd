"""``broker``: the embedded Kafka alone."""

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from workers.broker import EmbeddedKafka
from workers.cli.main import app
from workers.cli.options import Json
from workers.cli.output import as_json, console, notes


@app.command()
def broker(
    *,
    port: Annotated[
        int,
        typer.Option(min=1, max=65535, help="Where clients connect, on loopback."),
    ] = 9092,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            help="Kept, and gone on with next time; else a temporary folder.",
            show_default=False,
        ),
    ] = None,
    heap_mib: Annotated[int, typer.Option(min=128, help="Java's heap.")] = 512,
    json: Json = False,
) -> None:
    """Run a real Kafka on this machine until stopped, for trying things out.

    It is fetched once, checked and kept in your cache folder; it listens on loopback
    only. Java 17 or newer is used if there is one.

    Examples:
        caption-worker broker

        caption-worker broker --port 19092 --data-dir ./kafka-data
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with EmbeddedKafka(data_dir=data_dir, port=port, heap_mib=heap_mib) as kafka:
        if json:
            as_json({"bootstrap": kafka.bootstrap, "pid": kafka.pid})
        else:
            console.print(f"Kafka answers at {kafka.bootstrap}")
            notes.print(
                f"log: {kafka.log_file}; stop it with Ctrl-C; next, in another "
                f"terminal: caption-worker topics --broker {kafka.bootstrap}",
                soft_wrap=True,
            )
        stop.wait()
