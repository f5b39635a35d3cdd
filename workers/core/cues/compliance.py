"""Which rules of its profile a cue had to break."""

from collections.abc import Sequence

from workers.core.cues.profiles import Profile
from workers.core.cues.timing import Span
from workers.core.text.graphemes import graphemes, is_plain
from workers.core.text.words import words

_ROUNDING_S = 0.0015
"""Times are in whole milliseconds, each off by half of one at most."""


def reading_seconds(lines: Sequence[str], profile: Profile) -> float:
    """Return how long the profile gives to read these lines; 0 without a rule.

    Lines are counted by their graphemes, spaces and punctuation included but for
    the end of a line, or by their words.
    """
    seconds = 0.0
    if profile.max_cps is not None:
        count = sum(
            len(line) if is_plain(line) else len(graphemes(line)) for line in lines
        )
        seconds = count / profile.max_cps
    if profile.max_wpm is not None:
        count = sum(len(words(line)) for line in lines)
        seconds = max(seconds, 60.0 * count / profile.max_wpm)
    return seconds


def broken_rules(
    span: Span | None,
    reading_s: float,
    profile: Profile,
    *,
    split: bool,
    after_s: float | None,
) -> tuple[str, ...]:
    """Name the rules that a cue breaks; without times only what needs none.

    Args:
        span: When it is shown.
        reading_s: What the profile's reading speed asks for.
        profile: What a cue may be.
        split: It has a part of a token that is longer than a line.
        after_s: When the cue before it ends, if that is known.
    """
    broken = ["token_split"] if split else []
    if span is not None:
        lasts_s = span.end_s - span.start_s
        if lasts_s + _ROUNDING_S < reading_s:
            broken.append("reading_speed")
        if lasts_s + _ROUNDING_S < (profile.min_duration_s or 0.0):
            broken.append("min_duration")
        if lasts_s - _ROUNDING_S > (profile.max_duration_s or float("inf")):
            broken.append("max_duration")
        if (
            after_s is not None
            and span.start_s >= after_s
            and span.start_s - after_s + _ROUNDING_S < profile.min_gap_s
        ):
            broken.append("min_gap")
    return tuple(broken)
