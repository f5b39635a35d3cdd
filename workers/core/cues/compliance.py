"""Which rules of its profile a cue had to break, and why it had to."""

from collections.abc import Sequence
from typing import Final

from schemas.captions import Because, BrokenRule, RuleName
from workers.core.cues.profiles import Profile
from workers.core.cues.surroundings import Reading, Surroundings
from workers.core.cues.timing import Span
from workers.core.text.graphemes import graphemes, is_plain
from workers.core.text.words import words

_ROUNDING_S: Final = 0.0015
"""Times are in whole milliseconds, each off by half of one at most."""


def reading(lines: Sequence[str], profile: Profile) -> Reading:
    """Count what the profile gives time for."""
    signs = spoken = 0
    seconds = 0.0
    if profile.max_cps is not None:
        signs = sum(
            len(line) if is_plain(line) else len(graphemes(line)) for line in lines
        )
        seconds = signs / profile.max_cps
    if profile.max_wpm is not None:
        spoken = sum(len(words(line)) for line in lines)
        seconds = max(seconds, 60.0 * spoken / profile.max_wpm)
    return Reading(signs, spoken, seconds)


def broken_rules(
    shown: Span | None,
    near: Surroundings | None,
    read: Reading,
    profile: Profile,
    *,
    split: bool,
    single: bool,
) -> tuple[BrokenRule, ...]:
    """Tell the rules that a cue breaks, in the order of the profile's fields.

    Args:
        shown: When it is on the screen; None without times.
        near: What is beside it; None without times.
        read: What there is to read.
        profile: What a cue may be.
        split: It has a part of a token that is longer than a line.
        single: It is one unit, which cannot be cut.
    """
    broken = []
    if split:
        broken.append(
            BrokenRule(
                rule="token_split", limit=profile.text_chars, because="long_token"
            )
        )
    if shown is None or near is None:
        if _has_rules_of_time(profile):
            broken.append(BrokenRule(rule="times", because="no_times"))
        return tuple(broken)
    lasts_s = shown.end_s - shown.start_s
    if lasts_s + _ROUNDING_S < read.seconds:
        broken += _too_fast(lasts_s, near, read, profile)
    least_s = profile.min_duration_s
    if least_s is not None and lasts_s + _ROUNDING_S < least_s:
        broken.append(
            BrokenRule(
                rule="min_duration_s",
                measured=round(lasts_s, 3),
                limit=round(least_s, 3),
                because="other_cue" if near.followed else "next_unknown",
            )
        )
    most_s = profile.max_duration_s
    if most_s is not None and lasts_s - _ROUNDING_S > most_s:
        broken.append(
            BrokenRule(
                rule="max_duration_s",
                measured=round(lasts_s, 3),
                limit=round(most_s, 3),
                because="revised" if near.revised and not single else "long_token",
            )
        )
    return (*broken, *_gap(shown, near, profile))


def _has_rules_of_time(profile: Profile) -> bool:
    limits = (
        profile.max_cps,
        profile.max_wpm,
        profile.min_duration_s,
        profile.max_duration_s,
        profile.min_gap_s or None,
    )
    return any(limit is not None for limit in limits)


def _too_fast(
    lasts_s: float, near: Surroundings, read: Reading, profile: Profile
) -> list[BrokenRule]:
    if near.spoken.end_s - near.spoken.start_s + _ROUNDING_S >= read.seconds:
        because: Because = "other_cue"
    else:
        because = "fast_speech" if near.followed else "next_unknown"
    rules: tuple[tuple[RuleName, float | None, float], ...] = (
        ("max_cps", profile.max_cps, float(read.signs)),
        ("max_wpm", profile.max_wpm, 60.0 * read.words),
    )
    return [
        BrokenRule(
            rule=rule,
            measured=round(count / lasts_s, 1) if lasts_s > 0 else None,
            limit=limit,
            because=because,
        )
        for rule, limit, count in rules
        if limit is not None and (lasts_s + _ROUNDING_S) * limit < count
    ]


def _gap(shown: Span, near: Surroundings, profile: Profile) -> list[BrokenRule]:
    """Look at the gaps on both sides; one side that breaks the rule is told."""
    if profile.min_gap_s <= 0:
        return []
    gaps = []
    if near.before_s is not None:
        gaps.append(shown.start_s - near.before_s)
    if near.next_s is not None:
        gaps.append(near.next_s - shown.end_s)
    least_s = min(gaps, default=profile.min_gap_s)
    if least_s + _ROUNDING_S >= profile.min_gap_s:
        return []
    return [
        BrokenRule(
            rule="min_gap_s",
            measured=round(least_s, 3),
            limit=round(profile.min_gap_s, 3),
            because="revised" if near.revised else "other_cue",
        )
    ]
