"""Phrases and patterns that somebody watches for, and where they are said."""

from workers.core.watching.place import Place
from workers.core.watching.spots import WatchState
from workers.core.watching.step import MAX_BYTES, step
from workers.core.watching.watch import MAX_SPOTS, NOTHING, Watch

__all__ = ["MAX_BYTES", "MAX_SPOTS", "NOTHING", "Place", "Watch", "WatchState", "step"]
