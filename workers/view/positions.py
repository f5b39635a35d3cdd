"""Where a client stands in a stream: the id of an event, good at any view process.

A stream's records are in one partition number of several Kafka topics. The next offset
of each is all that has to be known to go on: no number of ours, which would mean
nothing after a restart, or at another process behind the same address.
"""

import re

from schemas.kafka_topics import CAPTIONS, CUES, ENRICHED, METRICS, TOPICS, KafkaTopic

READ: tuple[KafkaTopic, ...] = (CAPTIONS, CUES, ENRICHED, TOPICS, METRICS)
"""The Kafka topics that are read; a position has an offset for each, in this order."""

Position = tuple[int, ...]
"""The next offset of each of ``READ``, in the partition of the stream."""

START: Position = (0,) * len(READ)

_WRITTEN = re.compile("-".join([r"\d{1,18}"] * len(READ)), re.ASCII)


class BadPositionError(ValueError):
    """Text that no event had as its id."""


def written(position: Position) -> str:
    """Return a position as the id of an event, such as ``17-4-3-1-0``."""
    return "-".join(map(str, position))


def read(text: str) -> Position:
    """Read the id of an event.

    Raises:
        BadPositionError: It is none.
    """
    if not _WRITTEN.fullmatch(text):
        raise BadPositionError(
            f"an event id has {len(READ)} numbers, joined by hyphens, as in "
            f"{written(START)}"
        )
    return tuple(map(int, text.split("-")))
