"""Cues: captions cut into lines for the screen, in the rules of a profile."""

from workers.core.cues.profiles import PROFILES, WEB, Profile
from workers.core.cues.state import CueState
from workers.core.cues.step import step

__all__ = ["PROFILES", "WEB", "CueState", "Profile", "step"]
