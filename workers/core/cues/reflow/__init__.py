"""Cues of a finished recording: cut anew, when all of it is known."""

from workers.core.cues.reflow.recording import reflow

__all__ = ["reflow"]
