"""How well topics are found in talk whose topics people have marked."""

from workers.bench.topics.judging import judged_weights
from workers.bench.topics.results import measure
from workers.bench.topics.tables import tables
from workers.bench.topics.talks import OWN_SETS, BadSetError, read_sets

__all__ = [
    "OWN_SETS",
    "BadSetError",
    "judged_weights",
    "measure",
    "read_sets",
    "tables",
]
