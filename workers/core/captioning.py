"""A stream's lives: from its segments to captions, cues and figures."""

from collections.abc import Sequence
from typing import Final, Literal
from zlib import crc32

import msgspec
from msgspec.structs import replace

from schemas.captions import (
    CaptionFinal,
    CaptionRevised,
    CaptionUpdated,
    CaptionWithdrawn,
    Cue,
    StreamEnded,
)
from schemas.fields import Message
from schemas.segment import CaptionCorrection, CaptionSegment
from workers.core import cues, merging
from workers.core.figures import (
    Figures,
    changes_of,
    counted,
    health,
    listened,
    told,
)
from workers.core.lives import MAX_PROFILES, CaptionRules, Gravestone, Live, StreamState
from workers.core.outputs import Noted, Output, Refused
from workers.core.quality import flagged, masked

PRINTS: Final = 8
"""Segments that a gravestone knows again: what a provider re-sends at the end."""

_to_msgpack: Final = msgspec.msgpack.Encoder().encode


def on_segment(
    state: StreamState | None,
    segment: CaptionSegment,
    rules: CaptionRules,
    *,
    place: str,
    arrived_ms: int,
    now_ms: int,
) -> tuple[StreamState, tuple[Output, ...]]:
    """Advance a stream by one segment.

    Args:
        state: The stream; None if it is not known.
        segment: What was said.
        rules: What is set.
        place: Partition and offset of the segment, which may name a new life.
        arrived_ms: Kafka timestamp of the segment.
        now_ms: The time of the turn; not before *arrived_ms*.

    Returns:
        The stream after it, with what is to be told.
    """
    match state:
        case Live():
            live = state
        case Gravestone() if _sent_again(state, segment):
            return state, (Noted("duplicate"),)
        case _:
            live = _born(segment, place, now_ms)
    before = live.merge
    merge, outputs = merging.step(before, segment, arrived_ms, rules.merge)
    waited_s = (now_ms - arrived_ms) / 1000
    live = replace(
        live,
        merge=merge,
        figures=listened(live.figures, segment, before, merge, arrived_ms),
        heard_ms=max(live.heard_ms, arrived_ms),
        prints=(*live.prints, _print(segment))[-PRINTS:],
    )
    live, outputs = _shown(live, before, outputs, rules, waited_s)
    if segment.end_of_stream:
        gone, more = _ended(live, rules, now_ms, waited_s, "end_of_stream")
        return gone, (*outputs, *more)
    return live, outputs


def on_correction(
    state: StreamState | None, correction: CaptionCorrection, rules: CaptionRules
) -> tuple[StreamState | None, tuple[Output, ...]]:
    """Let a person correct a caption of a stream.

    It keeps no stream alive: the speech is not the person's.

    Returns:
        The stream after it, with what became of the correction: as `merging.correct`
        tells, or `Refused` as ``unknown_stream`` or ``stream_ended``.
    """
    match state:
        case None:
            error = "no such stream, or it ended long ago"
            return None, (Refused("unknown_stream", correction.text, error),)
        case Gravestone():
            error = f"life {state.life} is over"
            return state, (Refused("stream_ended", correction.text, error),)
    merge, outputs = merging.correct(state.merge, correction, rules.merge)
    if merge is state.merge:
        return state, outputs
    # Figures count what became of segments, so not the outcome; and how steady the
    # captions are by themselves, so not what a person changed.
    live, told = _shown(
        replace(state, merge=merge),
        merge,
        tuple(one for one in outputs if isinstance(one, Message)),
        rules,
        0.0,
    )
    return live, (*(one for one in outputs if not isinstance(one, Message)), *told)


def on_deadline(
    state: StreamState, now_ms: int, rules: CaptionRules
) -> tuple[StreamState | None, tuple[Output, ...]]:
    """Do what is due: close what silence left open, tell figures, end a life."""
    if type(state) is Gravestone:
        due = state.ended_ms + rules.gravestone_ms <= now_ms
        return (None if due else state), ()
    waited_s = (now_ms - deadline_ms(state, rules)) / 1000
    if state.heard_ms + rules.life_silence_ms <= now_ms:
        return _ended(state, rules, now_ms, waited_s, "silence")
    merge, closed = merging.tick(state.merge, now_ms, rules.merge)
    live, outputs = _shown(
        replace(state, merge=merge), state.merge, closed, rules, waited_s
    )
    silent_ms = _silent_ms(live, rules)
    if silent_ms is not None and silent_ms <= now_ms:
        live, more = _after_silence(live, rules)
        outputs += more
    if live.figures.since_ms + rules.metrics_ms <= now_ms:
        live, message = _told(live, now_ms)
        outputs += (message,)
    return live, outputs


def deadline_ms(state: StreamState, rules: CaptionRules) -> int:
    """Return when `on_deadline` has something to do; asked after each segment."""
    if type(state) is Gravestone:
        return state.ended_ms + rules.gravestone_ms
    due_ms = min(
        state.figures.since_ms + rules.metrics_ms,
        state.heard_ms + rules.life_silence_ms,
    )
    closing_ms = merging.deadline_ms(state.merge, rules.merge)
    if closing_ms is not None:
        due_ms = min(due_ms, closing_ms)
    silent_ms = _silent_ms(state, rules)
    return due_ms if silent_ms is None else min(due_ms, silent_ms)


def _silent_ms(live: Live, rules: CaptionRules) -> int | None:
    """Return when a silence has lasted that cues wait for; None where none waits."""
    for state in live.cues:
        if state.waiting and cues.waits_for_silence(state):
            return live.heard_ms + merging.patience_ms(live.merge, rules.merge)
    return None


def _after_silence(live: Live, rules: CaptionRules) -> tuple[Live, tuple[Output, ...]]:
    """Let cues have the silence after them, since nothing follows."""
    known = {profile.name: profile for profile in rules.profiles}
    states = []
    sent: list[Cue] = []
    for one in live.cues:
        state = one
        profile = known.get(state.profile)
        if profile is None:
            state = replace(state, waiting=())
        elif state.waiting:
            state, again = cues.silence(state, profile)
            sent += again
        states.append(state)
    figures = counted(live.figures, tuple(sent)) if sent else live.figures
    return replace(live, cues=tuple(states), figures=figures), tuple(sent)


def _born(segment: CaptionSegment, place: str, now_ms: int) -> Live:
    return Live(
        merge=merging.MergeState(stream_id=segment.stream_id, life=place),
        cues=(),
        figures=Figures(since_ms=now_ms),
        heard_ms=0,
        started_ms=_started_ms(segment),
    )


def _ended(
    live: Live,
    rules: CaptionRules,
    now_ms: int,
    waited_s: float,
    reason: Literal["end_of_stream", "silence"],
) -> tuple[Gravestone, tuple[Output, ...]]:
    before = live.merge
    merge, closed = merging.close_all(before, now_ms, rules.merge)
    live, outputs = _shown(replace(live, merge=merge), before, closed, rules, waited_s)
    live, more = _after_silence(live, rules)
    outputs += more
    ended = StreamEnded(
        stream_id=merge.stream_id,
        life=merge.life,
        reason=reason,
        captions=merge.next_number,
        end_s=merge.end_s or None,
    )
    live = replace(live, figures=counted(live.figures, (ended,)))
    live, message = _told(live, now_ms, ended=reason)
    gone = Gravestone(
        life=merge.life,
        ended_ms=now_ms,
        end_s=merge.end_s,
        prints=live.prints,
        started_ms=live.started_ms,
    )
    return gone, (*outputs, ended, message)


def _shown(
    live: Live,
    before: merging.MergeState,
    outputs: tuple[Output, ...],
    rules: CaptionRules,
    waited_s: float,
) -> tuple[Live, tuple[Output, ...]]:
    """Flag and mask what is new, cut it into cues for each profile, count it all.

    Args:
        live: The life, merged already.
        before: Merging before that.
        outputs: What merging said.
        rules: What is set.
        waited_s: Wall time for which the event waited for us.
    """
    if not outputs:
        return live, outputs
    changes = changes_of(before, outputs)
    outputs = tuple(
        [
            flagged(_waited(output, waited_s), live.merge, rules.quality)
            if type(output) is CaptionFinal or type(output) is CaptionRevised
            else output
            for output in outputs
        ]
    )
    outputs = masked(outputs, rules.quality.mask)
    states = _states(live, rules)
    made: list[Cue] = []
    for at, output in enumerate(outputs):
        # By type, since isinstance is slow where it says no.
        if (
            type(output) is CaptionUpdated
            or type(output) is CaptionFinal
            or type(output) is CaptionRevised
            or type(output) is CaptionWithdrawn
        ):
            # What the same decision tells of later captions, cues may know already.
            ahead = _captions(outputs[at + 1 :]) if at + 1 < len(outputs) else ()
            for place, profile in enumerate(rules.profiles):
                states[place], new = cues.step(states[place], output, profile, ahead)
                made += new
    outputs = (*outputs, *made)
    figures = counted(live.figures, outputs, changes)
    return replace(live, cues=tuple(states), figures=figures), outputs


def _captions(
    outputs: tuple[Output, ...],
) -> Sequence[CaptionUpdated | CaptionFinal | CaptionRevised]:
    return [
        one
        for one in outputs
        if isinstance(one, CaptionUpdated | CaptionFinal | CaptionRevised)
    ]


def _states(live: Live, rules: CaptionRules) -> list[cues.CueState]:
    """Return the cues of a life, those of the profiles that are set first.

    A profile set while a stream lives begins with what is said from then on. One that
    is set no longer is kept, since its ids must not be used again if it comes back.
    """
    if [one.profile for one in live.cues] == [one.name for one in rules.profiles]:
        return list(live.cues)
    sharing = len(rules.profiles)
    known = {state.profile: replace(state, sharing=sharing) for state in live.cues}
    states = [
        known.pop(profile.name)
        if profile.name in known
        else cues.CueState(
            stream_id=live.merge.stream_id,
            life=live.merge.life,
            profile=profile.name,
            sharing=sharing,
        )
        for profile in rules.profiles
    ]
    return [*states, *known.values()][: max(len(states), MAX_PROFILES)]


def _waited(
    caption: CaptionFinal | CaptionRevised, waited_s: float
) -> CaptionFinal | CaptionRevised:
    """Add our own share to the latency of a caption."""
    if caption.latency is None:
        return caption
    return replace(caption, latency=replace(caption.latency, worker_s=waited_s))


def _told(live: Live, now_ms: int, ended: str = "") -> tuple[Live, Message]:
    figures, message = told(
        live.figures,
        now_ms,
        stream_id=live.merge.stream_id,
        life=live.merge.life,
        agent="merge",
        last=bool(ended),
        health=health(
            live.figures,
            now_ms,
            heard_ms=live.heard_ms,
            ended=ended == "end_of_stream",
        ),
    )
    return replace(live, figures=figures), message


def _sent_again(gone: Gravestone, segment: CaptionSegment) -> bool:
    """Tell what is re-sent from an ended life from new speech."""
    if _print(segment) in gone.prints or _print_before(segment) in gone.prints:
        return True
    return (
        gone.started_ms is not None
        and gone.started_ms == _started_ms(segment)
        and segment.end_s is not None
        and segment.end_s <= gone.end_s
    )


def _print(segment: CaptionSegment) -> int:
    """Return a fingerprint: equal for the same message sent again."""
    return crc32(_to_msgpack(_said(segment)))


def _print_before(segment: CaptionSegment) -> int:
    """Return the fingerprint that a state of a worker before this one may have."""
    return crc32(repr(_said(segment)).encode(errors="replace"))


def _said(segment: CaptionSegment) -> tuple[object, ...]:
    return (
        segment.epoch,
        segment.segment_id,
        segment.sequence,
        segment.channel,
        segment.start_s,
        segment.end_s,
        segment.is_final,
        segment.text,
    )


def _started_ms(segment: CaptionSegment) -> int | None:
    moment = segment.stream_started_at
    return None if moment is None else round(moment.timestamp() * 1000)
