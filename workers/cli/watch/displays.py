"""Who shows it: a terminal with a moving picture, anybody else with lines."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.live import Live

from schemas.fields import Message
from workers.cli.demo.plain import lines
from workers.cli.demo.words import printable
from workers.cli.output import console
from workers.cli.watch.screen import picture
from workers.cli.watch.streams import Streams


class Display(Protocol):
    """Shows what is read."""

    from_past: bool
    """Whether what was said just before is of use."""

    def take(self, message: Message | None) -> None:
        """Take an event; None for a record that the worker could not use."""

    def paint(self) -> None:
        """Show how it stands now; called some times a second."""


class Lines:
    """Prints what stays, as it comes, after the name of its stream."""

    from_past = False

    def __init__(self, streams: Streams) -> None:
        self._streams = streams

    def take(self, message: Message | None) -> None:
        """Print what one event brought."""
        if message is None or self._streams.only not in (None, message.stream_id):
            return
        before, after = self._streams.take(message, time.monotonic())
        for line in lines(before.scene, after.scene, message):
            sys.stdout.write(f"{printable(message.stream_id)}  {line}\n")

    def paint(self) -> None:
        """Let the lines go."""
        sys.stdout.flush()


class Screen:
    """Paints one picture over the other."""

    from_past = True

    def __init__(self, streams: Streams, live: Live) -> None:
        self._streams = streams
        self._live = live

    def take(self, message: Message | None) -> None:
        """Wait for the next picture."""
        if message is None:
            self._streams.rejected += 1
        else:
            self._streams.take(message, time.monotonic())

    def paint(self) -> None:
        """Show how it stands now."""
        size = self._live.console.size
        made = picture(self._streams, size.width, size.height)
        self._live.update(made, refresh=True)


@contextmanager
def display(streams: Streams) -> Iterator[Display]:
    """Take over a terminal, and give it back as it was; else print lines."""
    if not console.is_terminal:
        yield Lines(streams)
        return
    with Live(console=console, screen=True, auto_refresh=False) as live:
        yield Screen(streams, live)
