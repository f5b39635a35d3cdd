"""``schema``: the messages as JSON Schema."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from schemas.json_schema import messages, written
from schemas.kafka_topics import ALL
from workers.cli.errors import CommandError
from workers.cli.main import app
from workers.cli.output import console


@app.command()
def schema(
    *,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[MESSAGE]", help="Such as CaptionSegment.", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write all to this folder, a file each.", show_default=False),
    ] = None,
) -> None:
    """Print the JSON Schema (2020-12) of a message; without a name, list them.

    Examples:
        caption-worker schema CaptionSegment

        caption-worker schema --out schemas/json
    """
    known = messages()
    if name is not None:
        if name not in known:
            raise CommandError(f"no message {name!r}; there are {', '.join(known)}")
        sys.stdout.buffer.write(written(known[name]))
    elif out is not None:
        try:
            out.mkdir(parents=True, exist_ok=True)
            for each, kind in known.items():
                (out / f"{each}.json").write_bytes(written(kind))
        except OSError as error:
            raise CommandError(f"cannot write to {out}: {error.strerror}") from error
    else:
        for topic in ALL:
            for kind in topic.messages:
                about = (kind.__doc__ or "").split("\n", 1)[0]
                console.print(f"{kind.__name__:18} {topic.name:15} {about}")
