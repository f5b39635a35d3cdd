"""How well cues keep their profiles: live, and cut anew over a whole recording."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from msgspec.structs import replace

from schemas.captions import Caption, Cue
from workers.bench.captions.heard import heard
from workers.bench.table import Cell, Table
from workers.core.cues import PROFILES, Profile
from workers.core.cues.compliance import reading
from workers.core.cues.reflow import reflow
from workers.core.cues.timing import Timeline
from workers.core.text.columns import columns
from workers.exports.latest import captions, cues

ROUNDING_S = 0.0015
"""Times are in whole milliseconds, each off by half of one at most."""

COLUMNS = (
    "recording",
    "profile",
    "cut",
    "cues",
    "lines %",
    "split",
    "could %",
    "read %",
    "least %",
    "most %",
    "gap %",
    "least s",
    "most s",
)


def cue_table(paths: Sequence[Path]) -> Table:
    """Measure the cues of recordings of one stream each, in the profiles there are.

    All is measured on lines and times, not taken from `compliance`. *lines*: none too
    wide, none too many; *split*: cues with a token longer than a line; *read*: the cue
    is on the screen as long as its profile gives to read it; *could*: the same, of
    those cues only whose first word is said so long before the first word of the next
    cue, less the gap; *least* and *most*: durations; *gap*: to the next cue. A figure
    is None where the profile has no such rule.

    Each profile is measured thrice: *live*, by the times on Kafka; *left on*, where a
    client leaves a cue that says ``next_unknown`` on the screen till it is read or the
    next one comes; *anew*, cut over the whole recording.

    Raises:
        RecordingError: A file cannot be used.
        ExportError: It has several streams.
    """
    rows: list[tuple[Cell, ...]] = []
    for path in paths:
        messages = list(heard(path))
        said = captions(messages)
        for profile in PROFILES.values():
            live = cues(
                one
                for one in messages
                if isinstance(one, Cue) and one.profile == profile.name
            )
            for name, found in (
                ("live", live),
                ("left on", _left_on(live, profile)),
                ("anew", reflow(said, profile)),
            ):
                row = _row(found, said, profile)
                rows.append((path.stem, profile.name, name, *row))
    return Table("How cues keep their profiles", COLUMNS, tuple(rows))


def _left_on(live: Sequence[Cue], profile: Profile) -> list[Cue]:
    """Return live cues as a viewer has them whose client heeds docs/EVENTS.md."""
    shown = []
    for place, cue in enumerate(live):
        end_s = cue.end_s
        if any(broken.because == "next_unknown" for broken in cue.compliance):
            assert cue.start_s is not None
            assert end_s is not None
            needed_s = reading(cue.lines, profile).seconds
            needed_s = max(needed_s, profile.min_duration_s or 0.0)
            wanted_s = cue.start_s + needed_s
            if place + 1 < len(live):
                next_s = live[place + 1].start_s
                assert next_s is not None
                wanted_s = min(wanted_s, next_s - profile.min_gap_s)
            end_s = max(end_s, wanted_s)
        shown.append(replace(cue, end_s=end_s))
    return shown


def _row(
    found: Sequence[Cue], said: Sequence[Caption], profile: Profile
) -> tuple[Cell, ...]:
    lasts_s = [_lasts_s(cue) for cue in found]
    needed_s = [reading(cue.lines, profile).seconds for cue in found]
    read = [
        lasts + ROUNDING_S >= needed
        for lasts, needed in zip(lasts_s, needed_s, strict=True)
    ]
    room_s = _room_s(found, said, profile)
    allowed = [
        kept
        for kept, needed, room in zip(read, needed_s, room_s, strict=True)
        if room >= needed
    ]
    least_s, most_s = profile.min_duration_s, profile.max_duration_s
    fast = profile.max_cps is not None or profile.max_wpm is not None
    return (
        len(found),
        _percent(_fits(cue, profile) for cue in found),
        sum(
            any(broken.rule == "token_split" for broken in cue.compliance)
            for cue in found
        ),
        _percent(allowed) if fast else None,
        _percent(read) if fast else None,
        _percent(lasts + ROUNDING_S >= least_s for lasts in lasts_s)
        if least_s
        else None,
        _percent(lasts - ROUNDING_S <= most_s for lasts in lasts_s) if most_s else None,
        _percent(_gaps(found, profile)) if profile.min_gap_s else None,
        min(lasts_s, default=None),
        max(lasts_s, default=None),
    )


def _percent(kept: Iterable[bool]) -> float | None:
    """Return how many of all, in percent, never rounded up to all."""
    every = list(kept)
    if not every:
        return None
    return int(1000 * sum(every) / len(every)) / 10


def _fits(cue: Cue, profile: Profile) -> bool:
    return len(cue.lines) <= profile.max_lines and all(
        columns(line) <= profile.max_chars for line in cue.lines
    )


def _lasts_s(cue: Cue) -> float:
    assert cue.start_s is not None
    assert cue.end_s is not None
    return cue.end_s - cue.start_s


def _gaps(found: Sequence[Cue], profile: Profile) -> list[bool]:
    kept = []
    for before, after in pairwise(found):
        assert before.end_s is not None
        assert after.start_s is not None
        gap_s = after.start_s - before.end_s
        kept.append(gap_s + ROUNDING_S >= profile.min_gap_s)
    return kept


def _room_s(
    found: Sequence[Cue], said: Sequence[Caption], profile: Profile
) -> list[float]:
    """Return how long each cue could be shown, by when its words were said."""
    starts_s = _spoken_from(found, said)
    ordered = sorted(starts_s)
    room_s = []
    for start_s in starts_s:
        later = (one for one in ordered if one > start_s)
        room = next(later, float("inf")) - profile.min_gap_s - start_s
        room_s.append(min(room, profile.max_duration_s or room))
    return room_s


def _spoken_from(found: Sequence[Cue], said: Sequence[Caption]) -> list[float]:
    """Return when the first word of each cue was said, found again in its caption."""
    texts = {caption.caption_id: caption for caption in said}
    letters = {
        name: [at for at, sign in enumerate(caption.text) if not sign.isspace()]
        for name, caption in texts.items()
    }
    done = dict.fromkeys(texts, 0)
    starts_s = []
    for cue in found:
        left = sum(not sign.isspace() for line in cue.lines for sign in line)
        first: float | None = None
        for name in cue.caption_ids:
            places = letters[name][done[name] :][:left]
            if places and first is None:
                when = Timeline(texts[name])
                assert when.known()
                first = when.span(places[0], places[0] + 1).start_s
            done[name] += len(places)
            left -= len(places)
        assert first is not None
        starts_s.append(first)
    return starts_s
