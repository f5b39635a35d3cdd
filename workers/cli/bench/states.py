"""``bench states``: how large states are, beside what is aimed at."""

from typing import Annotated

import typer

from workers.cli.bench.group import bench, print_tables
from workers.cli.options import Json


@bench.command()
def states(
    *,
    utterances: Annotated[
        int, typer.Option(min=10, help="Of each simulated stream.")
    ] = 150,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="As in docs/SIZING.md.")
    ] = False,
    json: Json = False,
) -> None:
    """Tell how large states of agent merge are, beside the aim; without Kafka.

    Of the demo's talk and of each kind of simulated recogniser: the states in the
    second half of a stream, as they are written to Kafka.

    Examples:
        caption-worker bench states

        caption-worker bench states --utterances 300 --markdown
    """
    from workers.bench.sizes import sizes_table  # noqa: PLC0415  # slow to import
    from workers.settings import load_settings  # noqa: PLC0415

    made = sizes_table(load_settings(), utterances)
    print_tables({"states": made}, markdown=markdown, json=json)
