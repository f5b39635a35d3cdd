"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from schemas.fields import MAX_ID_BYTES


def _stream_id(value: str | None) -> str | None:
    """Refuse a name that no segment may have, before a file is blamed for it."""
    if (
        value is not None
        and not 0 < len(value.encode(errors="replace")) <= MAX_ID_BYTES
    ):
        raise typer.BadParameter(f"has to have 1 to {MAX_ID_BYTES} bytes")
    return value


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
WithParent = Annotated[
    bool,
    typer.Option("--with-parent", help="Stop when standard input ends.", hidden=True),
]
StreamId = Annotated[
    str | None,
    typer.Option(
        "--stream-id",
        help="Name of the stream; else the file's.",
        show_default=False,
        callback=_stream_id,
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
