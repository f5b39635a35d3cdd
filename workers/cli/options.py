"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Broker = Annotated[
    str | None,
    typer.Option(
        "--broker",
        metavar="HOST:PORT",
        help="Kafka to use; else the setting `broker`.",
        show_default=False,
    ),
]
Prefix = Annotated[
    str | None,
    typer.Option(
        "--prefix",
        help="What the names of the Kafka topics begin with; else the setting.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON value, for scripts.")]
Recording = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="Whisper text or JSON, SRT, VTT, TTML, segments as JSON lines, or a "
        "provider's log.",
        show_default=False,
    ),
]
StreamId = Annotated[
    str | None,
    typer.Option(
        "--stream-id", help="Name of the stream; else the file's.", show_default=False
    ),
]
Provider = Annotated[
    str | None,
    typer.Option(
        "--provider",
        help="Whose messages a log holds, such as deepgram; the README lists them.",
        show_default=False,
    ),
]
