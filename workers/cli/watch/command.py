"""The command ``watch``: a moving picture on a terminal, lines for anybody else."""

import asyncio
import math
import time
from typing import Annotated

import typer

from schemas.kafka_topics import AGENTS
from workers.cli.ending import every_end_is_ctrl_c
from workers.cli.main import app
from workers.cli.options import Broker, Prefix, StreamId
from workers.cli.watch.displays import display
from workers.cli.watch.streams import Streams
from workers.settings import Settings, load_settings


@app.command()
def watch(
    *,
    broker: Broker = None,
    prefix: Prefix = None,
    stream_id: StreamId = None,
    seconds: Annotated[
        float | None,
        typer.Option(min=0, help="End by itself after this long.", show_default=False),
    ] = None,
) -> None:
    """Show captions and topics as they come, with lag and quality, until Ctrl-C.

    Without --stream-id, a stream that has news is shown, and the next one when it has
    none for 10 s. In a pipe there is a line for each final caption and sure topic of
    all streams, after the name of its stream. Nothing is written, no group is joined.

    Examples:
        caption-worker watch --broker kafka:9092

        caption-worker watch --stream-id call-7

        caption-worker watch | grep -i puffin
    """
    settings = load_settings(broker=broker, prefix=prefix)
    streams = Streams(stream_id)
    streams.lags = dict.fromkeys(AGENTS)
    with every_end_is_ctrl_c():
        try:
            asyncio.run(_watch(settings, streams, seconds))
        except KeyboardInterrupt:
            return  # that is how it is meant to end


async def _watch(settings: Settings, streams: Streams, seconds: float | None) -> None:
    from workers.cli.watch.following import (  # noqa: PLC0415  # slow to import
        BACK,
        follow,
        keep_lags,
    )

    until_s = time.monotonic() + (math.inf if seconds is None else seconds)
    keeping = asyncio.create_task(keep_lags(settings, streams.lags))
    try:
        with display(streams) as shown:
            back = BACK if shown.from_past else 0
            async for _ in follow(settings, shown.take, streams.forget, back=back):
                shown.paint()
                if time.monotonic() >= until_s:
                    return
    finally:
        keeping.cancel()
