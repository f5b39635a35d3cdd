"""What commands print: results on standard output, all else on standard error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

console = Console(highlight=False)
notes = Console(stderr=True, highlight=False)


def as_json(value: Any) -> None:
    """Print one JSON value as a line."""
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Progress]:
    """Show how far long work has come, on a terminal only; add no task yourself."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=notes,
        transient=True,
        disable=not notes.is_terminal,
    )
    with bar:
        bar.add_task(what, total=total)
        yield bar
