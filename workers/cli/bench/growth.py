"""``bench growth`` and ``bench day``: what becomes of cost, state and memory."""

from typing import Annotated

import typer

from workers.cli.bench.group import bench, print_tables
from workers.cli.options import Json
from workers.cli.output import notes
from workers.settings import load_settings

Markdown = Annotated[bool, typer.Option("--markdown", help="As in docs/GROWTH.md.")]


@bench.command()
def growth(
    *,
    streams: Annotated[
        list[int] | None, typer.Option(min=10, help="Live at a time; again for more.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="That take turns.")] = 7,
    markdown: Markdown = False,
    json: Json = False,
) -> None:
    """Measure what a record costs as more streams are live, without Kafka.

    Turns of ten records each, whatever the number; decided, and states written. By
    default 10 to 20,000 streams, which takes some minutes and 4 GB of memory.

    Examples:
        caption-worker bench growth

        caption-worker bench growth --streams 10 --streams 2000
    """
    from workers.app import merge_rules, topic_rules  # noqa: PLC0415  # slow to import
    from workers.bench.growth import tables  # noqa: PLC0415
    from workers.bench.growth.streams import SIZES, costs  # noqa: PLC0415

    sizes = sorted(set(streams or SIZES))
    # None is to be forgotten: memory is what is measured elsewhere.
    settings = load_settings(remembered_streams=max(4096, sum(sizes)))
    found = costs(merge_rules(settings), topic_rules(settings), sizes, rounds=rounds)
    made = {"growth": tables.cost_table(found)}
    print_tables(made, markdown=markdown, json=json)


@bench.command()
def day(
    *,
    streams: Annotated[int, typer.Option(min=1, help="Live at a time.")] = 2000,
    each: Annotated[int, typer.Option(min=5, help="Segments of each stream.")] = 5,
    hours: Annotated[int, typer.Option(min=1, help="Of the day.")] = 24,
    markdown: Markdown = False,
    json: Json = False,
) -> None:
    """Let a day of streams that come and go pass in minutes, without Kafka.

    A stream lives half an hour to an hour; one of three ends without a word. What is
    left of them, and what a segment costs, is told for each hour.

    Examples:
        caption-worker bench day

        caption-worker bench day --streams 10000 --markdown
    """
    from workers.app import merge_rules, topic_rules  # noqa: PLC0415  # slow to import
    from workers.bench.growth import day as days  # noqa: PLC0415
    from workers.bench.growth import tables  # noqa: PLC0415

    settings = load_settings()
    passed = []
    for hour in days.day(
        merge_rules(settings),
        topic_rules(settings),
        streams=streams,
        each=each,
        hours=hours,
    ):
        notes.print(f"hour {hour.hour}: {hour.streams:,} streams so far")
        passed.append(hour)
    print_tables({"day": tables.day_table(passed)}, markdown=markdown, json=json)
