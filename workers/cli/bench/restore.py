"""``bench restore``: how long state takes to read back, against its size."""

import asyncio
import re
from typing import Annotated

import typer

from schemas.kafka_topics import Agent
from workers.cli.bench.group import bench, kafka_for, print_tables
from workers.cli.errors import CommandError
from workers.cli.options import Broker, Json
from workers.cli.output import notes

AS_A_RULE = ("1000", "4000", "16000", "2000x50")
_CASE = re.compile(r"([1-9][0-9]{0,8})(?:x([1-9][0-9]{0,8}))?")


@bench.command()
def restore(
    cases: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[STREAMS[xTIMES]]...",
            help="How many streams have a state, and how often each was written; "
            f"else {', '.join(AS_A_RULE)}.",
            show_default=False,
        ),
    ] = None,
    *,
    agent: Annotated[Agent, typer.Option(help="Whose state.")] = "merge",
    partitions: Annotated[int, typer.Option(min=1, help="Of the Kafka topic.")] = 4,
    segments: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Of a stream; else all 1,356 of the talk. Young streams have small "
            "states.",
            show_default=False,
        ),
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Restores of each.")] = 3,
    broker: Broker = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="As in docs/SIZING.md.")
    ] = False,
    json: Json = False,
) -> None:
    """Measure how long one process takes to read state back, against its size.

    The states are those that streams go through in the demo's talk, decided by the
    agent's rules and written as it writes them. Of one that is written again and again
    the newest counts, but all are read: nothing is compacted meanwhile.

    Examples:
        caption-worker bench restore

        caption-worker bench restore --agent topics 1000 16000 --markdown
    """
    from workers.bench.restore import Case, measure, table  # noqa: PLC0415  # slow

    chosen = [Case(*_numbers(case), segments) for case in cases or AS_A_RULE]
    with kafka_for("restore", broker, partitions) as settings:
        found = asyncio.run(measure(settings, agent, chosen, rounds, notes.print))
        print_tables({"restore": table(found)}, markdown=markdown, json=json)


def _numbers(case: str) -> tuple[int, int]:
    found = _CASE.fullmatch(case)
    if found is None:
        raise CommandError(f"{case!r} is not a number of streams, or STREAMSxTIMES")
    return int(found[1]), int(found[2] or 1)
