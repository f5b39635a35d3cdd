"""Every flag that a final caption deserves, each with its evidence."""

from typing import Final

from msgspec.structs import replace

from schemas.captions import Caption, CaptionFinal, CaptionRevised, Flag
from workers.core.merging import MergeState
from workers.core.quality.echoes import echo_in
from workers.core.quality.hallucinations import judged, known_phrase
from workers.core.quality.invention import Silence
from workers.core.quality.loops import loop_in
from workers.core.quality.rules import QualityRules

_TOUCH_S: Final = 0.05
"""Ends and beginnings this close touch; recognisers round to tens of ms."""


def flagged(
    caption: CaptionFinal | CaptionRevised, state: MergeState, rules: QualityRules
) -> CaptionFinal | CaptionRevised:
    """Put the flags on a caption that became final, or is final in other words.

    Args:
        caption: As merging told it.
        state: The stream after that step.
        rules: What is set.

    Returns:
        The caption; the same one where there is no doubt.
    """
    flags = _flags(caption, state, rules)
    return replace(caption, flags=flags) if flags else caption


def _flags(
    caption: CaptionFinal | CaptionRevised, state: MergeState, rules: QualityRules
) -> tuple[Flag, ...]:
    if isinstance(caption, CaptionRevised) and (
        not caption.final or caption.reason == "corrected"
    ):
        # No doubt about a recogniser holds of what a person wrote.
        return ()
    number = int(caption.caption_id[len(state.life) + 2 :])
    place = len(state.closed) - 1
    while place >= 0 and state.closed[place].number != number:
        place -= 1
    found = [loop_in(caption.text)]
    if place >= 0:
        phrase = known_phrase(caption.text, rules.phrases)
        if phrase is not None:
            silence = _silence(caption, place, state)
            found.append(judged(caption, phrase, silence).flag)
        found.append(echo_in(caption, place, state))
    return tuple(flag for flag in found if flag)


def _silence(caption: Caption, place: int, state: MergeState) -> Silence:
    """Return how long nothing is said around a caption on its channel."""
    start_s, end_s = caption.start_s, caption.end_s
    latency = caption.latency if isinstance(caption, CaptionFinal) else None
    held_s = latency.policy_s if latency else None
    if start_s is None or end_s is None:
        return Silence(held_s=held_s)
    spans = [
        (other.start_s, other.end_s)
        for at, other in enumerate(state.closed)
        if at != place and other.channel == caption.channel
    ] + [
        (run.words[0].start_s, run.words[-1].end_s)
        for channel in state.channels
        if channel.name == caption.channel
        for run in channel.runs
    ]
    before = [
        until_s
        for _, until_s in spans
        if until_s is not None and until_s <= start_s + _TOUCH_S
    ]
    after = [
        from_s
        for from_s, _ in spans
        if from_s is not None and from_s >= end_s - _TOUCH_S
    ]
    return Silence(
        before_s=max(0.0, start_s - max(before)) if before else None,
        after_s=max(0.0, min(after) - end_s) if after else None,
        held_s=held_s,
    )
