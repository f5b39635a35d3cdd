"""Merging: from what a recogniser says, again and again, to each word once.

The model in a few words: every word has one owner. An open *run* is what a
recogniser last said about a stretch of speech and may still change; a final run
has taken its stretch of time for good. Runs are cut into captions, captions that
nothing can change any more are closed, and the last closed ones are kept so that a
final that comes too late for its run can still revise them. So can a person, whose
words then stand against the recogniser's.
"""

from workers.core.merging.correct import correct
from workers.core.merging.settings import MergeSettings
from workers.core.merging.silence import close_all, deadline_ms, patience_ms, tick
from workers.core.merging.state import MergeState
from workers.core.merging.step import step

__all__ = [
    "MergeSettings",
    "MergeState",
    "close_all",
    "correct",
    "deadline_ms",
    "patience_ms",
    "step",
    "tick",
]
