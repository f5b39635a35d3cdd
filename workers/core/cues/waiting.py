"""Cues sent before anybody knew what follows: sent once more when it is known."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from schemas.captions import (
    BrokenRule,
    Caption,
    CaptionFinal,
    CaptionUpdated,
    CaptionWithdrawn,
    Cue,
)
from workers.core.cues.compliance import broken_rules, reading
from workers.core.cues.laid import Laid
from workers.core.cues.layout import shown_near
from workers.core.cues.profiles import Profile
from workers.core.cues.remembering import cue_id, find, key_of
from workers.core.cues.state import OVERLAP_S, CueState, ShownCaption, Waiting
from workers.core.cues.surroundings import Surroundings
from workers.core.cues.timing import Span

MOVED_S: Final = 0.1
"""Times that were told and turn out to be wrong by no more are let stand."""
MAX_WAITING: Final = 4
"""Of all profiles of a stream, but one of each at least: the cue of the last caption,
and those of others who speak at once. An older one stays as it was sent."""
MAX_BYTES: Final = 512
"""Of a cue that may wait, in all: any that is not made to fill the state is smaller."""


def waiting_with(
    state: CueState, shown: ShownCaption, caption: Caption, last: Laid | None
) -> tuple[Waiting, ...]:
    """Return what waits once cues of a caption were sent, *last* the last of them.

    What waited of the caption before waits no longer: it was sent anew.
    """
    waiting = without(state.waiting, shown.key)
    if last is None or last.near is None or not is_open(last.compliance):
        return waiting
    assert last.start_s is not None
    assert last.end_s is not None
    said = (*last.lines, caption.speaker or "", caption.language or "")
    if shown.key != caption.caption_id or len("".join(said).encode()) > MAX_BYTES:
        return waiting
    one = Waiting(
        shown.key,
        last.lines,
        last.near.spoken.start_s,
        last.near.spoken.end_s,
        last.end_s,
        tuple(broken.rule for broken in last.compliance),
        before_s=last.near.before_s,
        speaker=caption.speaker,
        language=caption.language,
        split=last.split,
        single=last.single,
    )
    return (*waiting, one)[-max(1, MAX_WAITING // state.sharing) :]


def without(waiting: tuple[Waiting, ...], key: str) -> tuple[Waiting, ...]:
    """Return what waits but for the cue of a caption."""
    if not waiting:
        return waiting
    return tuple([one for one in waiting if one.key != key])


def is_open(compliance: Sequence[BrokenRule]) -> bool:
    """Tell whether it is not known yet if a cue has to break a rule."""
    return bool([1 for broken in compliance if broken.because == "next_unknown"])


def begins_s(shown: ShownCaption | None, event: Caption) -> float | None:
    """Return when the first cue of a caption begins once an event of it is shown."""
    if shown is None or shown.start_s is None or not shown.cues:
        return event.start_s
    if type(event) is CaptionFinal and not begins_too_early(shown, event):
        return shown.start_s
    return event.start_s if type(event) is CaptionFinal else shown.start_s


def begins_too_early(shown: ShownCaption, caption: Caption) -> bool:
    """Tell whether cues of a caption were said to begin well before its speech."""
    return (
        shown.start_s is not None
        and caption.start_s is not None
        and shown.start_s < caption.start_s - MOVED_S
    )


def tells_nothing_new(state: CueState, event: Caption | CaptionWithdrawn) -> bool:
    """Tell, quickly, that what waits knows all of a caption that only grows."""
    if type(event) is not CaptionUpdated:
        return False
    for one in state.waiting:
        if one.next_key != event.caption_id or one.next_s != event.start_s:
            return False
    return True


def followed(
    state: CueState, event: Caption, profile: Profile
) -> tuple[CueState, list[Cue]]:
    """Let an event of a caption tell what waits how long silence follows it.

    A cue is sent when the next caption is heard of first, then again only if that
    turns out to begin at another time; when the next one is final all is known, and
    the cue waits no longer.
    """
    key = key_of(event.caption_id)
    next_s = begins_s(find(state, event.caption_id), event)
    final = type(event) is CaptionFinal
    sent: list[Cue] = []
    still: list[Waiting] = []
    for one in state.waiting:
        if next_s is None or one.key == key or not _is_before(one, key, next_s):
            still.append(one)
            continue
        now = one
        if one.next_s is None or next_s != one.next_s:
            state, now, cue = _sent_again(state, one, next_s, profile)
            now = replace(now, next_key=key, next_s=next_s)
            sent += cue
        if not final:
            still.append(now)
    if still != list(state.waiting):
        state = replace(state, waiting=tuple(still))
    return state, sent


def _is_before(one: Waiting, key: str, next_s: float) -> bool:
    """Tell whether a caption that begins at *next_s* is the next one."""
    if next_s <= one.spoken_s or next_s < one.spoken_end_s - OVERLAP_S:
        # It is earlier, or spoken at once.
        return False
    return one.next_s is None or one.next_key == key or next_s < one.next_s


def next_gone(state: CueState, event: CaptionWithdrawn) -> CueState:
    """Let what waits forget a caption that is no more, followed by it or of it."""
    key = key_of(event.caption_id)
    return replace(
        state,
        waiting=tuple(
            replace(one, next_key=None, next_s=None, told=True)
            if one.next_key == key
            else one
            for one in state.waiting
            if one.key != key
        ),
    )


def waits_for_silence(state: CueState) -> bool:
    """Tell whether a cue waits of which nothing is known yet."""
    return not all(one.told for one in state.waiting)


def silence(state: CueState, profile: Profile) -> tuple[CueState, list[Cue]]:
    """Let a silence that lasts be claimed by what still waits for its end."""
    sent: list[Cue] = []
    still: list[Waiting] = []
    for one in state.waiting:
        now = one
        if not one.told:
            state, now, cue = _sent_again(state, one, None, profile)
            sent += cue
        still.append(now)
    return replace(state, waiting=tuple(still)), sent


def _sent_again(
    state: CueState, one: Waiting, next_s: float | None, profile: Profile
) -> tuple[CueState, Waiting, list[Cue]]:
    """Send a cue with the time it has now, if that is news."""
    shown = find(state, one.key)
    if shown is None or not shown.cues:
        return state, replace(one, told=True), []
    read = reading(one.lines, profile)
    near = Surroundings(
        Span(one.spoken_s, one.spoken_end_s), one.before_s, next_s, followed=True
    )
    until_s = float("inf") if next_s is None else next_s
    span = shown_near(near, until_s, read.seconds, profile, followed=next_s is not None)
    compliance = broken_rules(
        span, near, read, profile, split=one.split, single=one.single
    )
    rules = tuple(broken.rule for broken in compliance)
    if one.told and rules == one.rules and abs(span.end_s - one.end_s) < MOVED_S:
        return state, one, []
    last = shown.cues[-1]
    last = replace(last, revision=last.revision + 1)
    now = replace(shown, cues=(*shown.cues[:-1], last), end_s=span.end_s)
    state = replace(
        state,
        captions=tuple(now if each is shown else each for each in state.captions),
    )
    cue = Cue(
        stream_id=state.stream_id,
        cue_id=cue_id(state, last, profile),
        revision=last.revision,
        caption_ids=(one.key,),
        start_s=span.start_s,
        end_s=span.end_s,
        lines=one.lines,
        profile=profile.name,
        speaker=one.speaker,
        language=one.language,
        compliance=compliance,
    )
    return state, replace(one, end_s=span.end_s, rules=rules, told=True), [cue]
