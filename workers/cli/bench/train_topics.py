"""``bench train-topics``: the weights of the topic score, trained anew."""

from pathlib import Path
from typing import Annotated

import typer

from workers.cli.bench.group import bench, print_tables
from workers.cli.bench.topics import Language, SentencesPerTopic
from workers.cli.errors import CommandError
from workers.cli.options import Json
from workers.cli.output import notes, progress
from workers.settings import load_settings


@bench.command()
def train_topics(
    data: Annotated[
        list[Path],
        typer.Argument(
            metavar="DATA...", help="Sets of talk with true topics, or folders of them."
        ),
    ],
    *,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for the weights.")
    ] = Path("topic-weights"),
    language: Language = None,
    sentences_per_topic: SentencesPerTopic = None,
    judge: Annotated[
        bool,
        typer.Option(
            "--judge/--no-judge",
            help="Also tell what such weights, and those of this worker, give on each "
            "set when they were trained on the others.",
        ),
    ] = True,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FEATURE",
            help="Learn this feature, bias and calibration, and hold all other weights "
            "as the worker has them; may be given several times.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Train the weights of the topic score anew; the same data, the same files.

    Use them with `bench topics --weights`; those in the package stay as they are.

    Examples:
        caption-worker bench train-topics data/topics -o weights

        caption-worker bench train-topics data/topics --only turn_words

        caption-worker bench topics other-talk.jsonl --weights weights
    """
    from workers.bench.topics import judged_weights, read_sets  # noqa: PLC0415
    from workers.bench.topics.training import write  # noqa: PLC0415

    sets = read_sets(data)
    settings = load_settings(sentences_per_topic=sentences_per_topic)
    try:
        with progress("talks", sum(map(len, sets.values())), "heard") as bar:
            trained, made = judged_weights(
                sets,
                settings.sentences_per_topic,
                language=language,
                judge=judge,
                only=only or (),
                done=lambda: bar.advance(bar.task_ids[0]),
            )
        paths = write(out, trained, sets)
    except OSError as error:
        raise CommandError(f"cannot write to {out}: {error.strerror}") from error
    except ValueError as error:
        raise CommandError(str(error)) from error
    notes.print(f"written: {', '.join(map(str, paths))}")
    print_tables(made, markdown=False, json=json)
