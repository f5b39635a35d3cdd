"""The command ``doctor``: runs all checks, and tells each with its fix."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from typing import Annotated

import msgspec
import typer
from rich.text import Text

from schemas.kafka_topics import AGENTS, adapt_agent
from workers.cli.doctor import here
from workers.cli.doctor.finding import Finding, fault, ok
from workers.cli.errors import USAGE, CommandError
from workers.cli.main import app
from workers.cli.options import Broker, Json, Prefix
from workers.cli.output import as_json, console
from workers.settings import Settings, SettingsError, load_settings

_STYLES = {
    "ok": ("✓", "green"),
    "warning": ("!", "yellow"),
    "fault": ("✗", "bold red"),
    "skipped": ("-", "dim"),
}
_WIDEST = 22


@app.command()
def doctor(
    *,
    broker: Broker = None,
    prefix: Prefix = None,
    agent: Annotated[
        str | None,
        typer.Option(
            help="Only what this agent needs, such as merge or adapt-deepgram; with "
            "its own user of Kafka.",
            show_default=False,
        ),
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Only look at this machine.")
    ] = False,
    json: Json = False,
) -> None:
    """Look whether the worker would run here, and say what to do where it would not.

    Checks settings, versions, models, messages, disk and ports; whether Kafka answers,
    lets agents begin transactions, join their groups and read; its Kafka topics; the
    clocks, and the newest segments. Nothing is created or written. Ends with 2 if
    something keeps the worker from its work; warnings do not count.

    Examples:
        caption-worker doctor --broker kafka:9092

        caption-worker doctor --agent merge --offline

        caption-worker doctor --json | jq '.[] | select(.status == "fault")'
    """
    found: list[Finding] = []

    def tell(finding: Finding) -> None:
        found.append(finding)
        if not json:
            _show(finding)

    try:
        settings = load_settings(broker=broker, prefix=prefix)
    except SettingsError as error:
        for problem in error.problems:
            tell(fault("settings", problem, "correct the setting, or leave it out"))
    else:
        agents = (*AGENTS, *map(adapt_agent, settings.providers))
        if agent is not None and agent not in agents:
            raise CommandError(f"no agent {agent!r}; there are {', '.join(agents)}")
        only = agents if agent is None else (agent,)
        asyncio.run(_examine(settings, only, tell, offline=offline))
    faults = sum(one.status == "fault" for one in found)
    if json:
        as_json(msgspec.to_builtins(found))
    else:
        warnings = sum(one.status == "warning" for one in found)
        console.print(f"\n{len(found)} looked at, {faults} wrong, {warnings} to note")
    if faults:
        raise typer.Exit(USAGE)


async def _examine(
    settings: Settings,
    agents: tuple[str, ...],
    tell: Callable[[Finding], None],
    *,
    offline: bool,
) -> None:
    async for finding in _findings(settings, agents, offline=offline):
        tell(finding)


async def _findings(
    settings: Settings, agents: tuple[str, ...], *, offline: bool
) -> AsyncIterator[Finding]:
    yield ok("settings", "all can be used")
    for group in (
        here.versions(),
        here.examples(),
        here.models(settings),
        here.disk(),
        here.ports(settings, agents),
    ):
        for finding in group:
            yield finding
    if offline:
        return
    from workers.cli.doctor.kafka import kafka  # noqa: PLC0415  # slow to import

    async for finding in kafka(settings, agents, sys.argv):
        yield finding


def _show(finding: Finding) -> None:
    sign, style = _STYLES[finding.status]
    line = Text.assemble(
        (sign, style), " ", (f"{finding.check:<{_WIDEST}}", "bold"), " ", finding.said
    )
    console.print(line, soft_wrap=True)
    if finding.fix:
        console.print(Text(f"  → {finding.fix}", style=style), soft_wrap=True)
