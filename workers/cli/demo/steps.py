"""What the demo is doing before it begins: a spinner on a terminal, else lines."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from workers.cli.output import notes

MEGABYTE = 1e6


@contextmanager
def step(doing: str, done: str) -> Iterator[Callable[[str], None]]:
    """Show that something is being done; yield how to say what exactly.

    A terminal keeps a line that it is done and how long it took. Other readers got a
    line at its start, and get no more unless it took another turn.

    Args:
        doing: Such as ``starting Kafka``.
        done: Such as ``Kafka started``.
    """
    began_s = time.monotonic()
    if not notes.is_terminal:
        notes.print(f"{doing} …", soft_wrap=True)
        yield lambda what: notes.print(f"{what} …", soft_wrap=True)
        return
    with notes.status(f"{doing} …") as spinner:
        yield lambda what: spinner.update(f"{what} …")
    notes.print(f"[green]✓[/] {done} [dim]in {time.monotonic() - began_s:.1f} s[/]")


class Fetching:
    """Tells how far the download of Kafka has come; may be called by any thread.

    Args:
        say: Takes what is being done.
        every: Percent from one report to the next.
    """

    def __init__(self, say: Callable[[str], None], every: int) -> None:
        self._say = say
        self._every = every
        self._next = 0

    def __call__(self, done: int, total: int) -> None:
        """Report, if it has come far enough since the last time."""
        percent = 100 * done // total
        if percent >= self._next:
            self._next = percent + self._every
            self._say(
                f"fetching Kafka, once: {done / MEGABYTE:.0f} of "
                f"{total / MEGABYTE:.0f} MB"
            )


def fetching(say: Callable[[str], None]) -> Fetching:
    """Return what reports a download: each percent on a terminal, else quarters."""
    return Fetching(say, 1 if notes.is_terminal else 25)
