"""A person's correction of a closed caption: it wins over what a recogniser says.

A corrected caption keeps both: the person's text, which viewers have from then on, and
the recogniser's, which goes on being what later segments are compared with. So a window
that rolls over the caption, or its final sent again, is known for what it is, though
its words are not the person's.
"""

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from schemas.segment import CaptionCorrection
from workers.core.caption_ids import number_of
from workers.core.merging.forget import trimmed
from workers.core.merging.heard import Heard
from workers.core.merging.publish import final_again
from workers.core.merging.settings import MergeSettings
from workers.core.merging.state import Closed, Correction, MergeState
from workers.core.merging.words import join, same, split
from workers.core.outputs import Noted, Output, Refused

_CORRECTED_BEFORE: Final = "a person has corrected the caption that it would change"
_NOT_FINAL: Final = "the recogniser has not finished with the caption"
_OLDER: Final = "a correction made later, or at the same time, stands"
_TOO_LATE: Final = "the caption is no longer kept"

Corrected = tuple[MergeState, tuple[Output, ...]]


def correct(
    state: MergeState, correction: CaptionCorrection, settings: MergeSettings
) -> Corrected:
    """Put a person's text in the place of a caption's.

    Args:
        state: The stream before it.
        correction: Of one of its captions.
        settings: Bounds.

    Returns:
        The stream after it, and what became of the correction. `Noted`: ``corrected``,
        with the `CaptionRevised`; ``confirmed``, where the caption had that very text
        and is now kept from change; ``duplicate``. Or `Refused`: ``unknown_caption``,
        ``not_final``, ``too_late``, ``empty_text``, ``too_long``,
        ``older_correction``; then nothing changes.
    """
    number = number_of(state.life, correction.caption_id)
    if number is None or number >= state.next_number:
        error = f"the present life, {state.life}, has no such caption"
        return state, (Refused("unknown_caption", correction.text, error),)
    before = next((one for one in state.closed if one.number == number), None)
    if before is None:
        shown = (one.number for channel in state.channels for one in channel.shown)
        if number in shown:
            return state, (Refused("not_final", correction.text, _NOT_FINAL),)
        return state, (Refused("too_late", correction.text, _TOO_LATE),)
    text = _plain(correction.text)
    if not text:
        return state, (Refused("empty_text", correction.text, "no word is in it"),)
    if len(text) > settings.corrected_chars:
        error = f"{len(text)} code points, at most {settings.corrected_chars}"
        return state, (Refused("too_long", correction.text, error),)
    at_ms = round(correction.corrected_at.timestamp() * 1000)
    return _granted(state, before, Correction(text, at_ms), settings)


def stands_against(captions: Iterable[Closed]) -> tuple[Refused, ...]:
    """Refuse what a recogniser says now of corrected captions, unless it agrees."""
    words = [
        caption.text
        for caption in captions
        if caption.correction is not None
        and not _same_words(caption.text, caption.correction.text)
    ]
    if not words:
        return ()
    return (Refused("corrected_before", " ".join(words), _CORRECTED_BEFORE),)


def _granted(
    state: MergeState, before: Closed, wanted: Correction, settings: MergeSettings
) -> Corrected:
    earlier = before.correction
    if earlier is None:
        changes = wanted.text != before.text or before.uncertain
        outcome = "corrected" if changes else "confirmed"
    elif wanted.text == earlier.text:
        changes, outcome = False, "duplicate"
        wanted = max(wanted, earlier, key=lambda one: one.corrected_ms)
    elif wanted.corrected_ms <= earlier.corrected_ms:
        return state, (Refused("older_correction", wanted.text, _OLDER),)
    else:
        changes, outcome = True, "corrected"
    if wanted == earlier:
        return state, (Noted(outcome),)
    after = replace(
        before, correction=wanted, revision=before.revision + (1 if changes else 0)
    )
    closed = tuple(after if one is before else one for one in state.closed)
    told = (final_again(state, after),) if changes else ()
    state = trimmed(replace(state, closed=closed), settings)
    return state, (Noted(outcome), *told)


def _plain(text: str) -> str:
    """Write a person's text as captions are: NFC, one line, single spaces."""
    words = zip(*split(text), strict=True)
    return join(Heard(word, glued=near) for word, near in words)


def _same_words(one: str, other: str) -> bool:
    return [*map(same, split(one)[0])] == [*map(same, split(other)[0])]
