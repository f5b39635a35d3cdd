"""All that is known of a run: what lies on Kafka, and what others remember of it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tests.oracle.dump import Dump
from tests.oracle.watched import Sent

Place = tuple[str, int]
"""Kafka topic and partition number."""


class Evidence(NamedTuple):
    """Of one run of one agent."""

    dump: Dump
    """Everything on Kafka after the run."""
    sent: Sequence[Sent] = ()
    """What whoever sent the input remembers; none: nobody does."""
    read: Mapping[Place, Sequence[int]] = {}
    """Offsets that a reader of committed records got during the run, in its order."""
    told: Mapping[Place, Sequence[int]] = {}
    """The group's offsets, in the order in which they were asked for during the run."""
