"""``bench topics``: how well topics are found in talk whose topics people marked."""

from pathlib import Path
from typing import Annotated

import typer

from workers.cli.bench.group import bench, print_tables
from workers.cli.options import Json
from workers.cli.output import progress
from workers.settings import load_settings

Language = Annotated[
    str | None,
    typer.Option(help="Of the talk, such as `fr`; else English."),
]
SentencesPerTopic = Annotated[
    int | None,
    typer.Option(
        min=5, help="How long topics are; else the setting.", show_default=False
    ),
]


@bench.command()
def topics(
    data: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[DATA]...",
            help="Sets of talk with true topics, or folders of them; else ours.",
            show_default=False,
        ),
    ] = None,
    *,
    language: Language = None,
    sentences_per_topic: SentencesPerTopic = None,
    weights: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="Folder of weights by `bench train-topics`; else those of the worker.",
            show_default=False,
        ),
    ] = None,
    process: Annotated[
        bool,
        typer.Option(
            "--process", help="Also by way of segments, where merging makes sentences."
        ),
    ] = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="As in the documents.")
    ] = False,
    json: Json = False,
) -> None:
    """Measure how well topics are found in talk whose topics people have marked.

    A set is a file of JSON lines, one talk each: `id`, `utterances` (`text`, maybe
    `speaker`, `start`, `end`), `boundaries`, maybe `titles`. Beside the worker stand
    those who do not listen. All but the times is the same every time.

    Examples:
        caption-worker bench topics

        caption-worker bench topics data/topics --process --markdown
    """
    from workers.app import topic_model  # noqa: PLC0415  # slow to import
    from workers.bench.topics import (  # noqa: PLC0415
        OWN_SETS,
        measure,
        read_sets,
        tables,
    )

    sets = read_sets(data or [OWN_SETS])
    settings = load_settings(sentences_per_topic=sentences_per_topic)
    with progress("talks", sum(map(len, sets.values())), "heard") as bar:
        results = measure(
            sets,
            topic_model(settings, weights),
            language=language,
            process=process,
            done=lambda: bar.advance(bar.task_ids[0]),
        )
    print_tables(tables(results), markdown=markdown, json=json)
