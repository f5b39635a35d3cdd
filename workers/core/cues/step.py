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
from workers.core.cues.laid import Beside
from workers.core.cues.layout import cuts_of, lay_out, may_last_too_long, width
from workers.core.cues.naming import name_and_remember, withdrawn
from workers.core.cues.profiles import Profile
from workers.core.cues.remembering import find, forget, key_of, text_check
from workers.core.cues.search import Cut, plainly_fits
from workers.core.cues.state import OVERLAP_S, CueState, ShownCaption
from workers.core.cues.timing import Timeline
from workers.core.cues.unit import Unit
from workers.core.cues.units import units_of
from workers.core.cues.waiting import (
    MOVED_S,
    begins_s,
    begins_too_early,
    followed,
    next_gone,
    tells_nothing_new,
)

CueEvent = CaptionUpdated | CaptionFinal | CaptionRevised | CaptionWithdrawn
Step = tuple[CueState, tuple[Cue, ...]]


def step(
    state: CueState,
    event: CueEvent,
    profile: Profile,
    ahead: Sequence[CueEvent] = (),
) -> Step:
    """Advance the cues of one stream in one profile by one caption event.

    A growing caption gives a cue as soon as its stable words are more than one cue
    holds; what is left comes when the caption is final. A cue sent from stable words
    stays as it is when the final caption begins with the same words. A revised
    caption sends all its cues again: the same ids, each one revision on, where its
    text allows with the same words; cues too many are withdrawn. A caption that is
    no longer remembered gives none.

    A cue's words and lines stay, but its times may be sent again: when it broke a rule
    before it was known what follows, and when a final tells that it was said to begin
    before its speech, or to last into the words of the next one.

    Args:
        state: The cues up to now; always with the same *profile*.
        event: The next event, in the order in which merging sent them.
        profile: What a cue may be.
        ahead: The events that come next, as far as they are known: those of the same
            decision.

    Returns:
        The new state, the same object where nothing happened, and the cues.
    """
    if not state.waiting or tells_nothing_new(state, event):
        return _told(state, event, profile, ahead)
    if isinstance(event, CaptionWithdrawn):
        return _told(next_gone(state, event), event, profile, ahead)
    state, again = followed(state, event, profile)
    state, cues = _told(state, event, profile, ahead)
    return state, ((*again, *cues) if again else cues)


def _told(
    state: CueState, event: CueEvent, profile: Profile, ahead: Sequence[CueEvent]
) -> Step:
    shown = find(state, event.caption_id)
    if isinstance(event, CaptionUpdated):
        return _grown(state, shown, event, profile)
    if isinstance(event, CaptionFinal):
        return _completed(state, shown, event, profile, ahead)
    if isinstance(event, CaptionRevised):
        return _revised(state, shown, event, profile, ahead)
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
    state: CueState,
    shown: ShownCaption | None,
    event: CaptionFinal,
    profile: Profile,
    ahead: Sequence[CueEvent],
) -> Step:
    if (
        shown is None
        or not shown.cues
        or (
            _kept(shown, event.text) == len(shown.cues)
            and not _was_wrong(shown, event, profile)
        )
    ):
        return _continued(state, shown, event, profile, final=True, ahead=ahead)
    return _reissued(state, shown, event, profile, final=True, ahead=ahead)


def _was_wrong(shown: ShownCaption, event: CaptionFinal, profile: Profile) -> bool:
    """Tell whether cues were sent with wrong times, and can be with all their lines."""
    text = event.text
    first = len(text) - len(text[shown.done :].lstrip())
    when = Timeline(event)
    if shown.end_s is None or not when.known():
        return False
    if not begins_too_early(shown, event) and (
        first == len(text)
        or shown.end_s <= when.span(first, first + 1).start_s + MOVED_S
    ):
        return False
    units = units_of(text, 0, len(text), profile.text_chars)
    count = len(shown.cues)
    return len(_cuts_kept(shown, units, count, profile, final=True)) == count


def _revised(
    state: CueState,
    shown: ShownCaption | None,
    event: CaptionRevised,
    profile: Profile,
    ahead: Sequence[CueEvent],
) -> Step:
    if shown is None and not event.final:
        # It was open and had no full cue yet: it may have one now.
        return _grown(state, None, event, profile)
    if shown is None or shown.lost:
        return state, ()
    return _reissued(state, shown, event, profile, final=event.final, ahead=ahead)


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
    ahead: Sequence[CueEvent] = (),
) -> Step:
    """Send the cues of what came after the words already in cues."""
    if shown is None:
        beside = _beside(state, None, caption, ahead)
        key = key_of(caption.caption_id)
        shown = ShownCaption(key, False, 0, False, beside.before_s, ())
    else:
        beside = Beside(shown.end_s, _beside(state, shown, caption, ahead).next_s)
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
    ahead: Sequence[CueEvent] = (),
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
    beside = _beside(state, shown, caption, ahead)
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


def _beside(
    state: CueState,
    shown: ShownCaption | None,
    caption: Caption,
    ahead: Sequence[CueEvent],
) -> Beside:
    """Return which cues of other captions are next to those of this one."""
    start_s, end_s = caption.start_s, caption.end_s
    if start_s is None or end_s is None:
        return Beside()
    before_s = next_s = None
    begun = _begun(state, ahead) if ahead else {}
    starts_s = list(begun.values())
    for other in state.captions:
        if other is shown or other.start_s is None or other.end_s is None:
            continue
        if other.start_s > start_s:
            if other.key not in begun:
                starts_s.append(other.start_s)
        elif other.end_s <= start_s + OVERLAP_S:
            before_s = max(other.end_s, before_s or 0.0)
    for other_s in starts_s:
        if other_s > start_s and other_s >= end_s - OVERLAP_S:
            next_s = min(other_s, next_s or other_s)
    return Beside(before_s, next_s)


def _begun(state: CueState, ahead: Sequence[CueEvent]) -> dict[str, float]:
    """Return when captions begin by what comes next, by what they are kept by."""
    begun = {}
    for event in ahead:
        if not isinstance(event, CaptionWithdrawn):
            began_s = begins_s(find(state, event.caption_id), event)
            if began_s is not None:
                begun[key_of(event.caption_id)] = began_s
    return begun
