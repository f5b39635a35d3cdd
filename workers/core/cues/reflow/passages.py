"""What is read in one go: captions of one speaker, one after the other."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from schemas.captions import Caption
from workers.core.cues.profiles import Profile
from workers.core.cues.timing import Span, Timeline
from workers.core.cues.unit import Unit
from workers.core.cues.units import units_of, written_together

PAUSE_S = 2.0
"""A silence this long is between two cues, whatever is said before and after it."""


class Passage(Struct, frozen=True):
    """The units of some captions in a row, of which a cue may have any stretch."""

    captions: tuple[Caption, ...]
    units: tuple[Unit, ...]
    """Each with its place in the text of its own caption."""
    owners: tuple[int, ...]
    """Of each unit, which of the captions it is in."""
    spans: tuple[Span, ...] | None
    """When each unit is spoken, in order; None without times."""


def passages(captions: Sequence[Caption], profile: Profile) -> Iterator[Passage]:
    """Put captions in a row together as far as one cue may have words of several.

    Never together are two speakers, channels, languages or lives of a stream, nor what
    is parted by a long silence; a caption without times stays alone.

    Args:
        captions: Final ones of one stream, in the order of their start.
        profile: How long a line is.
    """
    row: list[Caption] = []
    for caption in captions:
        if row and not _goes_on(row[-1], caption):
            yield _passage(row, profile)
            row = []
        row.append(caption)
    if row:
        yield _passage(row, profile)


def _goes_on(before: Caption, after: Caption) -> bool:
    return (
        before.end_s is not None
        and after.start_s is not None
        and after.end_s is not None
        and after.start_s - before.end_s < PAUSE_S
        and _voice(before) == _voice(after)
    )


def _voice(caption: Caption) -> tuple[str | None, ...]:
    life = caption.caption_id.rpartition(".")[0]
    return caption.speaker, caption.channel, caption.language, life


def _passage(captions: Sequence[Caption], profile: Profile) -> Passage:
    units: list[Unit] = []
    owners: list[int] = []
    spans: list[Span] | None = []
    reached_s = 0.0
    for owner, caption in enumerate(captions):
        text = caption.text
        own = units_of(text, 0, len(text), profile.text_chars)
        if not own:
            continue
        if units and written_together(units[-1].text, own[0].text):
            own[0] = replace(own[0], spaced=False)
        units += own
        owners += [owner] * len(own)
        when = Timeline(caption)
        if spans is None or not when.known():
            spans = None
            continue
        for unit in own:
            start_s, end_s = when.span(unit.start, unit.end)
            # Captions may overlap a little; no unit is before the one before it.
            start_s = max(start_s, reached_s)
            spans.append(Span(start_s, max(start_s, end_s)))
            reached_s = start_s
    timed = None if spans is None else tuple(spans)
    return Passage(tuple(captions), tuple(units), tuple(owners), timed)
