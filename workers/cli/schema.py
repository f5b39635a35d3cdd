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
            metavar="MESSAGE", help="Such as CaptionSegment.", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write to this folder, a file each.", show_default=False),
    ] = None,
) -> None:
    """Print the JSON Schema (2020-12) of a message; without a name, list them.

    With --out it is written to a file instead; without a name, all of them are.

    Examples:
        caption-worker schema CaptionSegment

        caption-worker schema --out schemas/json
    """
    known = messages()
    if name is not None and name not in known:
        raise CommandError(f"no message {name!r}; there are {', '.join(known)}")
    if out is not None:
        try:
            out.mkdir(parents=True, exist_ok=True)
            for each in known if name is None else (name,):
                (out / f"{each}.json").write_bytes(written(known[each]))
        except OSError as error:
            raise CommandError(f"cannot write to {out}: {error.strerror}") from error
    elif name is not None:
        sys.stdout.buffer.write(written(known[name]))
    else:
        for topic in ALL:
            for kind in topic.messages:
                about = (kind.__doc__ or "").split("\n", 1)[0].replace("``", "")
                console.print(
                    f"{kind.__name__:18} {topic.name:15} {about}", soft_wrap=True
                )
