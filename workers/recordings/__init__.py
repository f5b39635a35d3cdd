"""Recordings written by us: a talk, spoken and recognised without any audio."""

from workers.recordings.files import Truth, demo_recording, truth

__all__ = ["Truth", "demo_recording", "truth"]
