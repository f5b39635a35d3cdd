"""Cues: captions cut into lines for the screen, in the rules of a profile."""

from workers.core.cues.profiles import PROFILES, WEB, Profile
from workers.core.cues.state import CueState
from workers.core.cues.step import step
from workers.core.cues.waiting import is_open, silence, waits_for_silence

__all__ = [
    "PROFILES",
    "WEB",
    "CueState",
    "Profile",
    "is_open",
    "silence",
    "step",
    "waits_for_silence",
]
