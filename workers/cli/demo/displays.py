"""Who shows the demo: a terminal with a moving picture, anybody else with lines."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.live import Live

from schemas.fields import Message
from workers.cli.demo.plain import lines
from workers.cli.demo.scene import Scene
from workers.cli.demo.screen import picture
from workers.cli.demo.show import Display, View
from workers.cli.output import console


class Lines:
    """Prints what stays, as it comes."""

    def take(self, before: Scene, after: Scene, message: Message) -> None:
        """Print what one event brought."""
        written = [f"{line}\n" for line in lines(before, after, message)]
        if written:
            sys.stdout.writelines(written)
            sys.stdout.flush()

    def paint(self, view: View) -> None:
        """Nothing moves here."""


class Screen:
    """Paints one picture over the other.

    Args:
        live: Refreshed by us alone: a thread of its own would show half of a change.
    """

    def __init__(self, live: Live) -> None:
        self._live = live

    def take(self, before: Scene, after: Scene, message: Message) -> None:
        """Wait for the next picture."""

    def paint(self, view: View) -> None:
        """Show how it stands now."""
        size = self._live.console.size
        self._live.update(picture(view, size.width, size.height), refresh=True)


@contextmanager
def display() -> Iterator[Display]:
    """Take over a terminal, and give it back as it was; else print lines."""
    if not console.is_terminal:
        yield Lines()
        return
    with Live(console=console, screen=True, auto_refresh=False) as live:
        yield Screen(live)
