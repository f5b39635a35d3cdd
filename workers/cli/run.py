"""``run``: the agents, each in a process of its own."""

import asyncio
import os
import signal
from threading import Thread
from typing import Annotated, Literal, NoReturn

import typer
from aiokafka.errors import KafkaError

from schemas.kafka_topics import AGENTS
from workers.cli.errors import check_port, leave
from workers.cli.main import app
from workers.cli.options import Broker, Prefix
from workers.cli.supervise import Supervisor
from workers.delivery.exits import exit_for
from workers.delivery.kafka_topics import TopicsError
from workers.logs import configure_logging
from workers.settings import load_settings


@app.command()
def run(
    *,
    broker: Broker = None,
    prefix: Prefix = None,
    agent: Annotated[
        Literal["merge", "topics"] | None,
        typer.Option(
            help="Only this agent, in the foreground: one container each.",
            show_default=False,
        ),
    ] = None,
    with_parent: Annotated[
        bool,
        typer.Option(
            "--with-parent", help="Stop when standard input ends.", hidden=True
        ),
    ] = False,
) -> None:
    """Run the worker until it is told to stop (SIGTERM or Ctrl-C).

    Without --agent, one process an agent is started; one that ends is started again,
    later and later, and given up loudly when it ends over and over.

    Examples:
        caption-worker run --broker kafka:9092

        caption-worker run --agent merge
    """
    signal.signal(signal.SIGTERM, _stopped_early)
    settings = load_settings(broker=broker, prefix=prefix)
    agents = AGENTS if agent is None else (agent,)
    ports = {
        "merge": settings.merge_metrics_port,
        "topics": settings.topics_metrics_port,
    }
    for name in agents:
        check_port(
            settings.metrics_host,
            ports[name],
            f"metrics of agent {name}",
            f"CAPTION_{name.upper()}_METRICS_PORT",
        )
    from workers import app as parts  # noqa: PLC0415  # slow to import

    try:
        asyncio.run(parts.check(settings, agents))
    except (KafkaError, TopicsError) as error:
        if not with_parent:
            raise
        # Who starts agents again has to know why this one has not even begun.
        leave(error, exit_for(error))
    configure_logging(
        log_format=settings.log_format,
        level=settings.log_level,
        log_text=settings.log_text,
    )
    if agent is not None:
        if with_parent:
            Thread(target=_stop_with_parent, daemon=True).start()
        parts.run(settings, agent)
    options = [
        *(["--broker", broker] if broker else []),
        *(["--prefix", prefix] if prefix else []),
    ]
    raise typer.Exit(Supervisor(agents, options).run(with_parent=with_parent))


def _stopped_early(*_: object) -> NoReturn:
    """End before there is anything to stop; who comes next sets its own handler."""
    raise SystemExit(0)


def _stop_with_parent() -> None:
    """Wait for the end of standard input; then stop as if told to."""
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
