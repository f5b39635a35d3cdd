"""``bench profile``: where a segment's microseconds go."""

from typing import Annotated

import typer

from workers.cli.bench.group import bench, print_tables
from workers.cli.options import Json


@bench.command()
def profile(
    *,
    segments: Annotated[int, typer.Option(min=100, help="Of the demo's talk.")] = 2_000,
    rounds: Annotated[int, typer.Option(min=1, help="More are more exact.")] = 20,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="As in ARCHITECTURE.md.")
    ] = False,
    json: Json = False,
) -> None:
    """Tell where a segment's microseconds go in agent merge; without Kafka.

    Steps are those of Python's interpreter, the same every time.

    Examples:
        caption-worker bench profile

        caption-worker bench profile --rounds 100 --markdown
    """
    from workers.bench import load  # noqa: PLC0415  # slow to import
    from workers.bench.profile import profile_table  # noqa: PLC0415
    from workers.core.lives import CaptionRules  # noqa: PLC0415

    made = profile_table([*load.segments(segments, 1)], CaptionRules(), rounds)
    print_tables({"profile": made}, markdown=markdown, json=json)
