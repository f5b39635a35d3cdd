"""The rules of who shows the cues: profiles, as data."""

from typing import Literal

from msgspec import Struct

DASH = "- "
"""What stands before the first line of another speaker, where the profile wants it."""

Speakers = Literal["apart", "dashes", "together"]
Align = Literal["center", "start"]
Place = Literal["bottom", "top"]


class Profile(Struct, frozen=True, kw_only=True):
    """What one cue may be; a rule that is None is not kept nor checked."""

    name: str
    max_chars: int
    """Columns of a line; a wide character takes two."""
    max_lines: int
    max_cps: float | None = None
    """Graphemes read in a second, spaces and punctuation included."""
    max_wpm: float | None = None
    """Words read in a minute."""
    min_duration_s: float | None = None
    max_duration_s: float | None = None
    min_gap_s: float = 0.0
    """Between two cues that follow each other."""
    speakers: Speakers = "apart"
    """``dashes``: a dash begins each change of speaker in files, and two columns are
    kept free for it; ``together``: so, and finished recordings may have short lines of
    two speakers in one cue."""
    align: Align = "center"
    """Where lines begin."""
    place: Place = "bottom"
    """Where on the screen cues are."""

    @property
    def text_chars(self) -> int:
        """Columns that are there for words: at least 2."""
        return self.max_chars - (len(DASH) if self.speakers != "apart" else 0)


WEB = Profile(
    name="web",
    max_chars=42,
    max_lines=2,
    max_cps=20.0,
    min_duration_s=5 / 6,
    max_duration_s=7.0,
)
"""For a page of our own: the figures of ``NETFLIX``, without its gap."""

NETFLIX = Profile(
    name="netflix",
    max_chars=42,
    max_lines=2,
    max_cps=20.0,
    min_duration_s=5 / 6,
    max_duration_s=7.0,
    min_gap_s=2 / 24,
)
"""Netflix timed text style guides, general and English; 2 frames at 24 a second."""

BBC = Profile(name="bbc", max_chars=37, max_lines=2, max_wpm=180.0, align="start")
"""BBC subtitle guidelines 1.2.5; live subtitles begin at the left. Their gap, none at
all or more than 1 s, is for whoever shows the cues: a live cue cannot wait for the
next one."""

CEA608 = Profile(name="cea608", max_chars=32, max_lines=4, align="start")
"""What decoders show at most of the 15 x 32 grid of CEA-608."""

PROFILES = {profile.name: profile for profile in (WEB, NETFLIX, BBC, CEA608)}
"""Those that are there without any setting, by name."""
