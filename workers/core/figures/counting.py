"""Counting what a step said."""

from typing import Final

from msgspec.structs import replace

from schemas.captions import CaptionFinal, CaptionUpdated, Cue
from schemas.topics import EnrichedCaption
from workers.core.cues import is_open
from workers.core.figures.health import RECENT, recent_of
from workers.core.figures.latency import SAMPLE, stages
from workers.core.figures.state import NO_CHANGES, Changes, Figures, Tally
from workers.core.outputs import Noted, Output, Refused

_UPDATED: Final = CaptionUpdated.__name__


def counted(
    figures: Figures, outputs: tuple[Output, ...], changes: Changes = NO_CHANGES
) -> Figures:
    """Add what a step said, and what it changed, to the figures of the window."""
    window = figures.window
    segments = window.segments
    events = dict(window.events)
    for output in outputs:
        # By type, since isinstance is slow for messages; most are the first.
        if type(output) is CaptionUpdated:
            events[_UPDATED] = events.get(_UPDATED, 0) + 1
        elif type(output) is Noted:
            segments = _plus(segments, output.outcome)
        elif type(output) is Cue:
            window = _with_cue(window, output)
        elif type(output) is Refused:
            segments = _plus(segments, output.reason)
        else:
            name = type(output).__name__
            events[name] = events.get(name, 0) + 1
            if type(output) is CaptionFinal or type(output) is EnrichedCaption:
                figures, window = _with_caption(figures, window, output)
    if changes is not NO_CHANGES:
        changes = window.changes.plus(changes)
    else:
        changes = window.changes
    window = replace(window, segments=segments, events=events, changes=changes)
    return replace(figures, window=window)


def _with_cue(window: Tally, cue: Cue) -> Tally:
    sent, shown, kept = window.cues.get(cue.profile, (0, 0, 0))
    # Where a rule may still be kept, the cue counts when it comes again.
    if not (cue.withdrawn or is_open(cue.compliance)):
        shown, kept = shown + 1, kept + (not cue.compliance)
    return replace(window, cues={**window.cues, cue.profile: (sent + 1, shown, kept)})


def _with_caption(
    figures: Figures, window: Tally, caption: CaptionFinal | EnrichedCaption
) -> tuple[Figures, Tally]:
    spoken_ms = 0
    if caption.start_s is not None and caption.end_s is not None:
        spoken_ms = round((caption.end_s - caption.start_s) * 1000)
    flags = window.flags
    for flag in caption.flags:
        flags = _plus(flags, flag.name)
    window = replace(
        window,
        words=window.words + len(caption.text.split()),
        spoken_ms=window.spoken_ms + spoken_ms,
        uncertain=window.uncertain + caption.uncertain,
        late=window.late + caption.late,
        flags=flags,
    )
    spent = None if caption.latency is None else stages(caption.latency)
    recent = (*figures.recent, recent_of(caption, spent))[-RECENT:]
    if spent is None:
        return replace(figures, recent=recent), window
    latencies = (*figures.latencies, spent)[-SAMPLE:]
    return replace(figures, recent=recent, latencies=latencies), window


def _plus(counts: dict[str, int], name: str) -> dict[str, int]:
    return {**counts, name: counts.get(name, 0) + 1}
