"""How far a download has come: a bar on a terminal, else a line."""

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

Progress = Callable[[int, int], None]
"""Told bytes done and bytes in all; may be called from any thread, one at a time."""


@contextlib.contextmanager
def shown(
    what: str, total: int, on_progress: Progress | None
) -> Iterator[Callable[[int], None]]:
    """Yield a function to be told of each piece's size, from any thread."""
    if on_progress is not None:
        yield _summing(total, on_progress)
    elif sys.stderr.isatty():
        columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn())
        console = Console(stderr=True)
        with Bar(TextColumn(what), *columns, console=console) as bar:
            task = bar.add_task(what, total=total)
            yield lambda size: bar.advance(task, size)
    else:
        sys.stderr.write(f"{what}, {total / 1e6:.0f} MB, once\n")
        yield lambda _size: None


def _summing(total: int, on_progress: Progress) -> Callable[[int], None]:
    done = 0
    one_at_a_time = threading.Lock()

    def step(size: int) -> None:
        nonlocal done
        with one_at_a_time:
            done += size
            on_progress(done, total)

    return step
