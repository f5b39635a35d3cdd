"""What the rules make of recordings, without Kafka: a table a module."""

from collections.abc import Sequence
from pathlib import Path

from workers.bench.captions.cues import cue_table
from workers.bench.captions.merging import STREAMS, merging_table
from workers.bench.table import Table

__all__ = ["STREAMS", "tables"]


def tables(paths: Sequence[Path], streams: int = STREAMS) -> dict[str, Table]:
    """Return what ``bench captions`` prints, by name, in this order.

    Args:
        paths: Recordings of one stream each, for the cues.
        streams: How many are simulated of each kind of recogniser, for merging.

    Raises:
        RecordingError: A file cannot be used.
        ExportError: It has several streams.
    """
    return {"merging": merging_table(streams), "cues": cue_table(paths)}
