"""One segment: what it changes, and what viewers learn."""

from msgspec.structs import replace

from schemas.segment import CaptionSegment
from workers.core.merging.clock import begun_anew, where
from workers.core.merging.settings import MergeSettings
from workers.core.merging.silence import let_in
from workers.core.merging.state import MergeState, Suspect
from workers.core.merging.take import take
from workers.core.outputs import Noted, Output, Refused


def step(
    state: MergeState,
    segment: CaptionSegment,
    arrived_ms: int,
    settings: MergeSettings,
) -> tuple[MergeState, tuple[Output, ...]]:
    """Advance one stream by one segment.

    Args:
        state: The stream before it.
        segment: What the recogniser says now.
        arrived_ms: Kafka timestamp of its record, milliseconds since 1970, never
            before that of an earlier one.
        settings: Bounds and times.

    Returns:
        The stream after it; what became of the segment (`Noted` or `Refused`), with
        all that viewers have to know.
    """
    if segment.epoch < state.epoch:
        error = f"epoch {segment.epoch} is older than {state.epoch}"
        return state, (Refused("old_epoch", segment.text, error),)
    outputs: tuple[Output, ...] = ()
    said: tuple[Output, ...]
    place = where(state, segment, settings)
    suspect = state.suspect
    if segment.epoch > state.epoch:
        state, outputs = let_in(state, settings)
        state, said = begun_anew(state, segment.epoch, arrived_ms, settings)
        outputs += said
    elif place == "anew" and suspect is None:
        return replace(state, suspect=Suspect(segment, arrived_ms)), (Noted("held"),)
    elif place == "anew" and suspect is not None:
        # Two in a row: the times began anew with the first of them (rule 7).
        state = replace(state, suspect=None)
        state, outputs = begun_anew(state, segment.epoch, arrived_ms, settings)
        state, said = take(state, suspect.segment, suspect.arrived_ms, settings)
        outputs += said
    elif place == "front" and suspect is not None:
        state, outputs = let_in(state, settings)
    state, said = take(state, segment, arrived_ms, settings)
    return state, outputs + said
