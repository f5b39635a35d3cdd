"""Cues from captions: ``step``, which takes one caption event of a stream."""

from collections.abc import Sequence

from msgspec.structs import replace

from schemas.captions import (
    Caption,
    CaptionFinal,
    CaptionRevised,
    CaptionUpdated,
    CaptionWithdrawn,
    Cue,
)
from workers.core.cues.layout import (
    Beside,
    cuts_of,
    lay_out,
    may_last_too_long,
    width,
)
from workers.core.cues.naming import name_and_remember, withdrawn
from workers.core.cues.profiles import Profile
from workers.core.cues.search import Cut, plainly_fits
from workers.core.cues.state import (
    CueState,
    ShownCaption,
    find,
    forget,
    key_of,
    text_check,
)
from workers.core.cues.timing import Timeline
from workers.core.cues.unit import Unit
from workers.core.cues.units import units_of

CueEvent = CaptionUpdated | CaptionFinal | CaptionRevised | CaptionWithdrawn
Step = tuple[CueState, tuple[Cue, ...]]

OVERLAP_S = 0.25
"""Captions that overlap by no more follow each other, one time or the other being a
little wrong; those that overlap by more are spoken at once, and shown so."""


def step(state: CueState, event: CueEvent, profile: Profile) -> Step:
    """Advance the cues of one stream in one profile by one caption event.

    A growing caption gives a cue as soon as its stable words are more than one cue
    holds; what is left comes when the caption is final. A cue sent from stable words
    stays as it is when the final caption begins with the same words. A revised
    caption sends all its cues again: the same ids, each one revision on, where its
    text allows with the same words; cues too many are withdrawn. A caption that is
    no longer remembered gives none.

    Args:
        state: The cues up to now; always with the same *profile*.
        event: The next event, in the order in which merging sent them.
        profile: What a cue may be.

    Returns:
        The new state, the same object where nothing happened, and the cues.
    """
    shown = find(state, event.caption_id)
    if isinstance(event, CaptionUpdated):
        return _grown(state, shown, event, profile)
    if isinstance(event, CaptionFinal):
        return _completed(state, shown, event, profile)
    if isinstance(event, CaptionRevised):
        return _revised(state, shown, event, profile)
    return _gone(state, shown, event, profile)


def _grown(
    state: CueState, shown: ShownCaption | None, caption: Caption, profile: Profile
) -> Step:
    """Look whether a growing caption has a full cue; mostly it has not, and quickly."""
    done, until_s = 0, None
    if shown is not None:
        if shown.final:
            return state, ()
        done, until_s = shown.done, shown.end_s
    # What is narrow needs half a line at most, in any script.
    fresh = caption.stable - done
    if not may_last_too_long(caption, profile, until_s) and (
        fresh <= profile.text_chars // 2
        or plainly_fits(caption.text, done, caption.stable, profile)
    ):
        return state, ()
    return _continued(state, shown, caption, profile, final=False)


def _completed(
    state: CueState, shown: ShownCaption | None, event: CaptionFinal, profile: Profile
) -> Step:
    if shown is None or _kept(shown, event.text) == len(shown.cues):
        return _continued(state, shown, event, profile, final=True)
    return _reissued(state, shown, event, profile, final=True)


def _revised(
    state: CueState, shown: ShownCaption | None, event: CaptionRevised, profile: Profile
) -> Step:
    if shown is None and not event.final:
        # It was open and had no full cue yet: it may have one now.
        return _grown(state, None, event, profile)
    if shown is None or shown.lost:
        return state, ()
    return _reissued(state, shown, event, profile, final=event.final)


def _gone(
    state: CueState,
    shown: ShownCaption | None,
    event: CaptionWithdrawn,
    profile: Profile,
) -> Step:
    if shown is None:
        return state, ()
    return (
        replace(state, captions=forget(state.captions, shown)),
        tuple(withdrawn(state, event.caption_id, cue, profile) for cue in shown.cues),
    )


def _continued(
    state: CueState,
    shown: ShownCaption | None,
    caption: Caption,
    profile: Profile,
    *,
    final: bool,
) -> Step:
    """Send the cues of what came after the words already in cues."""
    if shown is None:
        beside = _beside(state, None, caption)
        key = key_of(caption.caption_id)
        shown = ShownCaption(key, False, 0, False, beside.before_s, ())
    else:
        beside = Beside(shown.end_s, _beside(state, shown, caption).next_s)
    limit = len(caption.text) if final else caption.stable
    units = units_of(
        caption.text, shown.done, limit, profile.text_chars, inside=shown.inside
    )
    when = Timeline(caption)
    cuts = cuts_of(units, caption, when, profile, shown.end_s, goes_on=not final)
    if not cuts and not final:
        return state, ()
    laid = lay_out(units, cuts, when, profile, beside)
    return name_and_remember(
        state, shown, shown.cues, laid, caption, profile, final=final
    )


def _reissued(
    state: CueState,
    shown: ShownCaption,
    caption: Caption,
    profile: Profile,
    *,
    final: bool,
) -> Step:
    """Send all cues of a caption again, cut as before as far as its words are kept."""
    limit = len(caption.text) if final else caption.stable
    units = units_of(caption.text, 0, limit, profile.text_chars)
    kept = _cuts_kept(shown, units, _kept(shown, caption.text), profile, final=final)
    first = kept[-1][-1][1] if kept else 0
    when = Timeline(caption)
    rest = cuts_of(units[first:], caption, when, profile, None, goes_on=not final)
    cuts = kept + [
        tuple((line[0] + first, line[1] + first) for line in lines) for lines in rest
    ]
    beside = _beside(state, shown, caption)
    laid = lay_out(units, cuts, when, profile, beside, kept=len(kept))
    shown = replace(shown, done=0, inside=False, end_s=beside.before_s)
    return name_and_remember(state, shown, (), laid, caption, profile, final=final)


def _kept(shown: ShownCaption, text: str) -> int:
    """Return how many leading cues have the words they would have now."""
    start = 0
    for place, cue in enumerate(shown.cues):
        end = cue.line_ends[-1]
        if end > len(text) or text_check(text[start:end]) != cue.check:
            return place
        start = end
    return len(shown.cues)


def _cuts_kept(
    shown: ShownCaption,
    units: Sequence[Unit],
    kept: int,
    profile: Profile,
    *,
    final: bool,
) -> list[Cut]:
    """Return the leading cues as cuts of *units*, as far as they fit those.

    They may not fit the profile where that was set anew since they were shown.
    """
    ends = {unit.end: place + 1 for place, unit in enumerate(units)}
    if units and not final:
        # The last unit may still grow.
        del ends[units[-1].end]
    cuts: list[Cut] = []
    first = 0
    for cue in shown.cues[:kept]:
        lines = []
        for line_end in cue.line_ends:
            end = ends.get(line_end)
            if end is None:
                return cuts
            lines.append((first, end))
            if width(units[first:end]) > profile.text_chars:
                return cuts
            first = end
        if len(lines) > profile.max_lines:
            return cuts
        cuts.append(tuple(lines))
    return cuts


def _beside(state: CueState, shown: ShownCaption | None, caption: Caption) -> Beside:
    """Return which cues of other captions are next to those of this one."""
    start_s, end_s = caption.start_s, caption.end_s
    if start_s is None or end_s is None:
        return Beside()
    before_s = next_s = None
    for other in state.captions:
        if other is shown or other.start_s is None or other.end_s is None:
            continue
        if other.start_s <= start_s:
            if other.end_s <= start_s + OVERLAP_S:
                before_s = max(other.end_s, before_s or 0.0)
        elif other.start_s >= end_s - OVERLAP_S:
            next_s = min(other.start_s, next_s or other.start_s)
    return Beside(before_s, next_s)
