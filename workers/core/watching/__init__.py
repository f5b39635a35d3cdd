"""Phrases and patterns that somebody watches for, and where they are said."""

from workers.core.watching.step import MAX_BYTES, WatchState, step
from workers.core.watching.watch import MAX_SPOTS, NOTHING, Place, Watch

__all__ = ["MAX_BYTES", "MAX_SPOTS", "NOTHING", "Place", "Watch", "WatchState", "step"]
