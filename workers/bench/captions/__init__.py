"""What the rules make of recordings, without Kafka: a table a module.

A new table is a module with a function from recordings to a `Table`, and its row here.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from workers.bench.captions.cues import cue_table
from workers.bench.captions.merging import merging_table
from workers.bench.table import Table

TABLES: dict[str, Callable[[Sequence[Path]], Table]] = {
    "merging": merging_table,
    "cues": cue_table,
}
"""What ``bench captions`` prints, in this order."""
