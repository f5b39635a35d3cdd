"""``bench captions``: how good captions and cues are, without Kafka."""

from pathlib import Path
from typing import Annotated

import typer

from workers.cli.bench.group import bench, print_tables
from workers.cli.options import Json
from workers.recordings import demo_recording


@bench.command()
def captions(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Recordings of one stream each; else that of the demo.",
            show_default=False,
        ),
    ] = None,
    *,
    streams: Annotated[
        int, typer.Option(min=1, help="Simulated, of each kind of recogniser.")
    ] = 12,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="As in docs/NUMBERS.md.")
    ] = False,
    json: Json = False,
) -> None:
    """Measure merging on simulated streams, cues on recordings; without Kafka.

    All but the times is the same every time.

    Examples:
        caption-worker bench captions

        caption-worker bench captions talk.vtt call.jsonl --markdown
    """
    from workers.bench.captions import tables  # noqa: PLC0415  # slow to import

    made = tables(files or [demo_recording()], streams)
    print_tables(made, markdown=markdown, json=json)
