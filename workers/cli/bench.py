"""``bench``: how fast the worker is here, and what its rules make of recordings."""

import asyncio
import os
import sys
import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.table import Table as Rich

from workers.bench.table import Table
from workers.broker import EmbeddedKafka
from workers.cli.errors import CommandError
from workers.cli.main import app
from workers.cli.options import Broker, Json
from workers.cli.output import as_json, console, notes, progress
from workers.recordings import demo_recording
from workers.settings import load_settings

bench = typer.Typer(
    help="Measure the worker on this machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(bench, name="bench")

SAMPLE = 8_000
"""Segments by which the stages are timed."""


@bench.callback()
def about() -> None:
    """Measure the worker on this machine."""


@bench.command()
def run(
    *,
    segments: Annotated[int, typer.Option(min=1000, help="In the backlog.")] = 100_000,
    streams: Annotated[int, typer.Option(min=1, help="Live at a time.")] = 200,
    partitions: Annotated[int, typer.Option(min=1, help="Of each Kafka topic.")] = 4,
    broker: Broker = None,
    json: Json = False,
) -> None:
    """Let one process of each agent work a backlog off, one after the other.

    The backlog is the demo's talk in many streams: about eight interims for each
    final. A rate counts from a tenth of the backlog on, so that starting is not in it;
    below about 30,000 segments it means little, since an agent is done within seconds.

    Examples:
        caption-worker bench run

        caption-worker bench run --segments 300000 --streams 1000
    """
    if broker is None:
        notes.print("starting Kafka")
        with EmbeddedKafka() as kafka:
            _run(kafka.bootstrap, segments, streams, partitions, json=json)
    else:
        _run(broker, segments, streams, partitions, json=json)


@bench.command()
def footprint(
    *,
    streams: Annotated[int, typer.Option(min=1, help="Live at a time.")] = 1000,
    each: Annotated[int, typer.Option(min=1, help="Segments of each stream.")] = 60,
    partitions: Annotated[int, typer.Option(min=1, help="Of each Kafka topic.")] = 4,
    broker: Broker = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="As in docs/SIZING.md.")
    ] = False,
    json: Json = False,
) -> None:
    """Measure what streams cost: CPU, memory, state, and bytes on Kafka.

    One process of each agent works off a backlog of the demo's talk in many streams;
    Kafka is fetched and started unless one is given.

    Examples:
        caption-worker bench footprint

        caption-worker bench footprint --streams 5000 --each 40 --markdown
    """
    with ExitStack() as stack:
        if broker is None:
            notes.print("starting Kafka")
            broker = stack.enter_context(EmbeddedKafka()).bootstrap
        made = asyncio.run(_footprint(broker, streams, each, partitions))
    _print(made, markdown=markdown, json=json)


async def _footprint(
    broker: str, streams: int, each: int, partitions: int
) -> dict[str, Table]:
    from workers.app import prepare  # noqa: PLC0415  # slow to import
    from workers.bench.footprint import (  # noqa: PLC0415
        footprints,
        tables,
        written,
    )

    prefix = f"footprint-{uuid.uuid4().hex[:8]}"
    settings = load_settings(broker=broker, prefix=prefix, partitions=partitions)
    await prepare(settings)
    found = await footprints(settings, streams, each)
    return tables(found, await written(settings), streams * each)


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
        bool, typer.Option("--markdown", help="As in the README.")
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
    _print(made, markdown=markdown, json=json)


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
    language: Annotated[
        str | None,
        typer.Option(help="Of the talk, such as `fr`; else English."),
    ] = None,
    sentences_per_topic: Annotated[
        int | None,
        typer.Option(
            min=5, help="How long topics are; else the setting.", show_default=False
        ),
    ] = None,
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
    _print(tables(results), markdown=markdown, json=json)


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
    language: Annotated[
        str | None,
        typer.Option(help="Of the talk, such as `fr`; else English."),
    ] = None,
    sentences_per_topic: Annotated[
        int | None,
        typer.Option(
            min=5, help="How long topics are; else the setting.", show_default=False
        ),
    ] = None,
    judge: Annotated[
        bool,
        typer.Option(
            "--judge/--no-judge",
            help="Also tell what such weights, and those of this worker, give on each "
            "set when they were trained on the others.",
        ),
    ] = True,
    json: Json = False,
) -> None:
    """Train the weights of the topic score anew; the same data, the same files.

    Use them with `bench topics --weights`; those in the package stay as they are.

    Examples:
        caption-worker bench train-topics data/topics -o weights

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
                done=lambda: bar.advance(bar.task_ids[0]),
            )
        paths = write(out, trained, sets)
    except OSError as error:
        raise CommandError(f"cannot write to {out}: {error.strerror}") from error
    except ValueError as error:
        raise CommandError(str(error)) from error
    notes.print(f"written: {', '.join(map(str, paths))}")
    _print(made, markdown=False, json=json)


def _print(made: Mapping[str, Table], *, markdown: bool, json: bool) -> None:
    if json:
        as_json({name: table.records() for name, table in made.items()})
    elif markdown:
        # Not by the console, which would break its lines.
        sys.stdout.write("\n".join(table.markdown() for table in made.values()))
    else:
        for table in made.values():
            console.print(table.printed())


@bench.command()
def view(
    *,
    streams: Annotated[int, typer.Option(min=1, help="That talk at a time.")] = 20,
    clients: Annotated[int, typer.Option(min=1, help="That follow them.")] = 500,
    seconds: Annotated[int, typer.Option(min=2, help="Of half a round.")] = 20,
    rounds: Annotated[int, typer.Option(min=1, help="Without, then with.")] = 5,
    broker: Broker = None,
    json: Json = False,
) -> None:
    """Measure what clients of the live page cost the worker, and how soon they know.

    Both agents and the view run on live streams, with a guess a word at 200 words a
    minute. From the sending of a segment to its caption read back, committed.

    Examples:
        caption-worker bench view

        caption-worker bench view --clients 1000 --streams 50
    """
    given = (streams, clients, seconds, rounds)
    if broker is None:
        notes.print("starting Kafka")
        with EmbeddedKafka() as kafka:
            _view(kafka.bootstrap, *given, json=json)
    else:
        _view(broker, *given, json=json)


def _view(
    broker: str, streams: int, clients: int, seconds: int, rounds: int, *, json: bool
) -> None:
    from workers.app import prepare  # noqa: PLC0415  # slow to import
    from workers.bench.view import measure  # noqa: PLC0415

    settings = load_settings(
        broker=broker, prefix=f"bench-{uuid.uuid4().hex[:8]}", partitions=4
    )
    asyncio.run(prepare(settings))
    measured = asyncio.run(
        measure(
            settings,
            streams=streams,
            clients=clients,
            seconds=seconds,
            rounds=rounds,
            done=notes.print,
        )
    )
    if json:
        as_json({**msgspec.to_builtins(measured), "ratio": measured.ratio})
        return
    table = Rich(title=f"{streams} streams; milliseconds from segment to caption")
    for column in ("round", "clients", "p50", "p95", "p99"):
        table.add_column(column, justify="right")
    pairs = zip(measured.without, measured.beside, strict=True)
    for number, pair in enumerate(pairs, start=1):
        for count, one in zip((0, clients), pair, strict=True):
            figures = (one.p50, one.p95, one.p99)
            table.add_row(str(number), str(count), *(f"{ms:.0f}" for ms in figures))
    one = measured.client
    figures = (one.p50, one.p95, one.p99)
    table.add_row("all", "at a client", *(f"{ms:.0f}" for ms in figures))
    console.print(table)
    console.print(f"99th percentile with clients to without: {measured.ratio:.2f}")


def _run(
    broker: str, segments: int, streams: int, partitions: int, *, json: bool
) -> None:
    from workers.app import (  # noqa: PLC0415  # slow to import
        caption_rules,
        prepare,
        topic_model,
    )
    from workers.bench import drain, load, stages  # noqa: PLC0415

    settings = load_settings(
        broker=broker, prefix=f"bench-{uuid.uuid4().hex[:8]}", partitions=partitions
    )
    asyncio.run(prepare(settings))
    notes.print(f"sending {segments:,} segments of {streams:,} streams")
    asyncio.run(drain.send(settings, load.segments(segments, streams)))
    drains = []
    for agent in ("merge", "topics"):
        notes.print(f"agent {agent} works its backlog off")
        drains.append(asyncio.run(drain.drain(settings, agent)))
    notes.print("timing the stages")
    sample = list(load.segments(SAMPLE, min(streams, 20)))
    timed = stages.measure(sample, topic_model(settings), caption_rules(settings))
    if json:
        as_json(
            {
                "segments": segments,
                "streams": streams,
                "partitions": partitions,
                "cores": os.cpu_count(),
                "agents": {
                    one.agent: {
                        "records_per_second": round(one.rate),
                        "cpu_us_per_record": round(
                            one.cpu_seconds / one.records * 1e6, 1
                        ),
                    }
                    for one in drains
                },
                "stages_us": {name: round(us, 1) for name, us, _ in timed},
            }
        )
        return
    table = Rich(title=f"{segments:,} segments, {streams:,} streams, one process each")
    for column in ("agent", "records/s", "CPU µs a record"):
        table.add_column(column, justify="left" if column == "agent" else "right")
    for one in drains:
        cpu_us = one.cpu_seconds / one.records * 1e6
        table.add_row(one.agent, f"{one.rate:,.0f}", f"{cpu_us:.0f}")
    console.print(table)
    table = Rich(title="Where the time goes, without Kafka")
    for column in ("stage", "µs", "for each"):
        table.add_column(column, justify="right" if column == "µs" else "left")
    for name, us, unit in timed:
        table.add_row(name, f"{us:.1f}", unit)
    console.print(table)
