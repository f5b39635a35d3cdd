"""``run``: the agents, each in a process of its own."""

import asyncio
import signal
from collections.abc import Sequence
from threading import Thread
from typing import Annotated, Literal, NoReturn

import structlog
import typer
from aiokafka.errors import KafkaError

from schemas.kafka_topics import ADAPT, AGENTS, adapt_agent
from workers.adapters.providers.registry import PROVIDERS
from workers.cli.errors import CommandError, check_port, leave
from workers.cli.main import app
from workers.cli.options import Broker, Prefix, WithParent
from workers.cli.supervise import Supervisor, stop_with_parent
from workers.delivery.exits import exit_for
from workers.delivery.kafka_topics import TopicsError
from workers.logs import configure_logging
from workers.settings import Settings, load_settings, metrics_port, metrics_setting

log = structlog.stdlib.get_logger(__name__)


@app.command()
def run(
    *,
    broker: Broker = None,
    prefix: Prefix = None,
    agent: Annotated[
        Literal["merge", "topics", "adapt"] | None,
        typer.Option(
            help="Only this agent, in the foreground: one container each.",
            show_default=False,
        ),
    ] = None,
    provider: Annotated[
        str | None,
        typer.Option(
            help="Whose messages agent adapt reads, such as deepgram.",
            show_default=False,
        ),
    ] = None,
    with_parent: WithParent = False,
) -> None:
    """Run the worker until it is told to stop (SIGTERM or Ctrl-C).

    Without --agent, one process an agent is started, with one for each of the setting
    `providers`; one that ends is started again, later and later, and given up loudly
    when it ends over and over.

    Examples:
        caption-worker run --broker kafka:9092

        caption-worker run --agent merge

        caption-worker run --agent adapt --provider deepgram
    """
    signal.signal(signal.SIGTERM, _stopped_early)
    settings = load_settings(broker=broker, prefix=prefix)
    only = _only(agent, provider)
    adapts = map(adapt_agent, settings.providers)
    agents = (*AGENTS, *adapts) if only is None else (only,)
    for name in agents:
        check_port(
            settings.metrics_host,
            metrics_port(settings, name),
            f"metrics of agent {name}",
            metrics_setting(name),
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
        agent=only,
    )
    if not with_parent:  # who starts agents has told it once
        _warn_of_settings(settings, agents)
    if only is not None:
        if with_parent:
            Thread(target=stop_with_parent, daemon=True).start()
        parts.run(settings, only)
    options = [
        *(["--broker", broker] if broker else []),
        *(["--prefix", prefix] if prefix else []),
    ]
    raise typer.Exit(Supervisor(agents, options).run(with_parent=with_parent))


def _warn_of_settings(settings: Settings, agents: Sequence[str]) -> None:
    """Log what of the Kafka topics is set otherwise than new ones: no reason to end."""
    from workers import app as parts  # noqa: PLC0415  # slow to import
    from workers.cli.topic_settings import told  # noqa: PLC0415

    found = asyncio.run(parts.set_otherwise(settings, agents))
    for said, command in told(found, parts.connection(settings)):
        log.warning(said, command=command)


def _only(agent: str | None, provider: str | None) -> str | None:
    """Return the name of the one agent that is asked for, if one is.

    Raises:
        CommandError: A provider without agent adapt, or the other way round.
    """
    if (agent == ADAPT) != (provider is not None):
        raise CommandError("--agent adapt and --provider go together: give both")
    if provider is None:
        return agent
    if provider not in PROVIDERS:
        known = ", ".join(sorted(PROVIDERS))
        raise CommandError(f"provider {provider!r} is not known; known: {known}")
    return adapt_agent(provider)


def _stopped_early(*_: object) -> NoReturn:
    """End before there is anything to stop; who comes next sets its own handler."""
    raise SystemExit(0)
