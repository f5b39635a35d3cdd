"""The command ``demo``: its options, and what is started before what."""

import asyncio
import secrets
import signal
import sys
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from workers.adapters.recording import open_recording
from workers.cli.ending import every_end_is_ctrl_c
from workers.cli.main import app
from workers.cli.output import notes
from workers.recordings import demo_recording
from workers.settings import NO_PROVIDERS, Settings, load_settings

PARTITIONS = 4
SENTENCES_PER_TOPIC = 36
"""What the recording that we ship has: 218 sentences about 6 things."""


@app.command()
def demo(
    *,
    speed: Annotated[
        float,
        typer.Option(
            min=0, help="Media seconds in a second; 0 is as fast as Kafka takes it."
        ),
    ] = 12.0,
    file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A recording of yours; else a talk that is shipped.",
            show_default=False,
        ),
    ] = None,
    broker: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="Your Kafka; else one is started here.",
            show_default=False,
        ),
    ] = None,
    stay: Annotated[
        bool,
        typer.Option(
            "--stay", help="Keep the live page till Ctrl-C, once all is said."
        ),
    ] = False,
) -> None:
    """Show all of it in a minute: Kafka, the worker, captions, cues and topics.

    A real Kafka is started on this machine, fetched once; nothing of it is left
    afterwards. The live page shows the same; its address is told first. On a Kafka
    of yours, Kafka topics and groups named `demo-…` are used, and removed at the end.
    Where nobody watches, plain lines are printed.

    Examples:
        caption-worker demo

        caption-worker demo --speed 1 --file interview.vtt

        caption-worker demo --speed 100 > demo.txt
    """
    path = file or demo_recording()
    recording = open_recording(path)
    overrides: dict[str, Any] = {
        "partitions": PARTITIONS,
        "merge_metrics_port": 0,
        "topics_metrics_port": 0,
        "providers": NO_PROVIDERS,
    }
    if file is None:
        overrides["sentences_per_topic"] = SENTENCES_PER_TOPIC
    if broker is not None:
        overrides |= {"broker": broker, "prefix": f"demo-{secrets.token_hex(4)}"}
    load_settings(**overrides)  # what is wrong with them is told before Kafka starts
    from workers.cli.demo.displays import display  # noqa: PLC0415  # only now needed
    from workers.cli.demo.show import Show  # noqa: PLC0415
    from workers.cli.demo.summary import summary  # noqa: PLC0415

    with every_end_is_ctrl_c():
        with ExitStack() as stack:
            settings, running, page = _set_up(
                stack, overrides, own_kafka=broker is None
            )
            with display() as shown:
                show = Show(path.name, recording.segments, speed, settings, shown, page)
                view = asyncio.run(show.run(running))
            if stay and page is not None:
                _write(summary(view))
                _stay(page)
        if not stay or page is None:
            _write(summary(view))


def _write(lines: Iterable[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in ("", *lines)))
    sys.stdout.flush()


def _stay(page: str) -> None:
    """Wait for Ctrl-C."""
    notes.print(f"\nthe live page stays at {page} until Ctrl-C", soft_wrap=True)
    with suppress(KeyboardInterrupt):
        signal.pause()


def _set_up(
    stack: ExitStack, overrides: dict[str, Any], *, own_kafka: bool
) -> tuple[Settings, Any, str | None]:
    """Start what the show needs; *stack* takes it down again, the last first."""
    from workers import app as parts  # noqa: PLC0415  # slow to import
    from workers.cli.demo import stage  # noqa: PLC0415
    from workers.cli.demo.steps import step  # noqa: PLC0415
    from workers.cli.removal import remove  # noqa: PLC0415
    from workers.delivery.kafka_topics import TopicsError  # noqa: PLC0415

    if own_kafka:
        overrides |= {
            "broker": stack.enter_context(stage.kafka()),
            "prefix": "captions",
            "replication_factor": 1,
            "security_protocol": "PLAINTEXT",
        }
    settings = load_settings(**overrides)
    with step("starting the worker and the live page", "worker and live page ready"):
        try:
            asyncio.run(parts.prepare(settings))
        except TopicsError:
            remove(settings)  # some may have been created
            raise
        if not own_kafka:
            stack.callback(remove, settings)
        running = stack.enter_context(stage.worker(overrides))
        page = stack.enter_context(stage.page(settings, overrides))
        asyncio.run(stage.until_ready(settings, running))
    if page is not None:
        notes.print(f"live page: {page}", soft_wrap=True)
    return settings, running, page
