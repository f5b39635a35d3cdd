"""When each cue of a finished recording is on the screen."""

from collections.abc import Sequence

from msgspec import Struct

from workers.core.cues.profiles import Profile
from workers.core.cues.timing import CLOSED_S, Span

EARLY_S = 0.5
"""So long before its words a cue may come, where it would be too short else. The BBC
allows 1.5 s; what comes much too early gives away what is not said yet."""
LATE_S = 2.0
"""So late a cue may come while another voice is being read, as two speak at once: the
BBC's limit for any subtitle."""
LONGEST_S = 15.0
"""Of a cue in a profile without a limit: no caption is longer, so no live cue is."""
LEAST_S = 0.5
"""A cue is no shorter than this, or than it takes to read it, whatever comes next."""


class Wanted(Struct, frozen=True):
    """What a cue asks for."""

    spoken: Span
    reading_s: float
    """What the profile's reading speed asks for."""


def shown_spans(wanted: Sequence[Wanted], profile: Profile) -> list[Span]:
    """Return when cues are shown: as spoken, and longer where there is silence.

    A cue stays till it can be read, if nothing else is said before; what it lacks then
    is taken from the silence before it. A pause too short to be seen is filled. Two
    voices at once are shown one after the other, in the order in which they began.

    Args:
        wanted: What each cue asks for, by the start of its words.
        profile: Durations and the gap between two cues.

    Returns:
        As many spans, to the millisecond; none overlap, and all gaps are kept.
    """
    gap_s = profile.min_gap_s
    starts_s: list[float] = []
    ends_s: list[float] = []
    start_s = 0.0
    for place, one in enumerate(wanted):
        start_s = max(start_s, one.spoken.start_s)
        needed_s = _needed_s(one, profile)
        end_s = max(one.spoken.end_s, start_s + needed_s)
        if place + 1 < len(wanted):
            following = wanted[place + 1].spoken
            next_s = following.start_s
            if next_s < one.spoken.end_s:
                next_s = max(next_s, min(end_s + gap_s, next_s + LATE_S))
            next_s = max(next_s, start_s + min(needed_s, LEAST_S) + gap_s)
            end_s = min(end_s, next_s - gap_s)
        else:
            next_s = end_s
        starts_s.append(start_s)
        ends_s.append(end_s)
        start_s = next_s
    for place, one in enumerate(wanted):
        lacks_s = _needed_s(one, profile) - (ends_s[place] - starts_s[place])
        if lacks_s > 0:
            free_s = starts_s[place]
            if place:
                free_s -= ends_s[place - 1] + gap_s
            starts_s[place] -= max(0.0, min(lacks_s, free_s, EARLY_S))
    return [
        Span(
            round(starts_s[place], 3),
            round(_closed(place, starts_s, ends_s, profile), 3),
        )
        for place in range(len(wanted))
    ]


def _needed_s(one: Wanted, profile: Profile) -> float:
    """Return how long a cue should be on the screen, however long it is spoken."""
    needed_s = max(profile.min_duration_s or 0.0, one.reading_s)
    return min(needed_s, profile.max_duration_s or needed_s)


def _closed(
    place: int, starts_s: Sequence[float], ends_s: Sequence[float], profile: Profile
) -> float:
    """Return the end of a cue: that of the pause after it, if none would see it."""
    end_s = ends_s[place]
    if place + 1 == len(ends_s):
        return end_s
    until_s = starts_s[place + 1] - profile.min_gap_s
    lasts_s = until_s - starts_s[place]
    if until_s - end_s < CLOSED_S and lasts_s <= (profile.max_duration_s or LONGEST_S):
        return max(end_s, until_s)
    return end_s
