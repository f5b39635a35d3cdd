"""What commands print: results on standard output, all else on standard error."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import orjson
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)


def to_nowhere(stream: TextIO | None) -> None:
    """Throw away what a stream still holds: Python would complain at its own end."""
    if stream is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class _Results(Console):
    def on_broken_pipe(self) -> None:
        """Let `main` end the command."""
        raise BrokenPipeError


class _Notes(Console):
    def on_broken_pipe(self) -> None:
        """Go on: nobody reads the notes, but there is work to finish, or to undo."""
        to_nowhere(sys.__stderr__)


console = _Results(highlight=False)
notes = _Notes(stderr=True, highlight=False)


def as_json(value: Any) -> None:
    """Print one JSON value as a line."""
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))


@contextmanager
def progress(what: str, total: int | None, done: str) -> Iterator[Progress]:
    """Show how far long work has come, on a terminal only; add no task yourself.

    Args:
        what: Is worked on, such as ``segments``.
        total: How many there are, if that is known.
        done: What has become of them when Ctrl-C comes, such as ``sent``.
    """
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=notes,
        transient=True,
        disable=not notes.is_terminal,
    )
    try:
        with bar:
            bar.add_task(what, total=total)
            yield bar
    except KeyboardInterrupt:
        of = "" if total is None else f" of {total:,}"
        notes.print(f"{bar.tasks[0].completed:,.0f}{of} {what} {done}", soft_wrap=True)
        raise
