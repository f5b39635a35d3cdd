"""``watch``: what viewers get just now, how far behind and how good it is."""

from workers.cli.watch.command import watch

__all__ = ["watch"]
