"""``demo``: Kafka, the worker and a recording, and what viewers get of it."""

from workers.cli.demo.command import demo

__all__ = ["demo"]
