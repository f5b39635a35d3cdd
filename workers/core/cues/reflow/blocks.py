"""What one cue of a finished recording says, before it has its time."""

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from workers.core.cues.compliance import reading
from workers.core.cues.layout import line_text
from workers.core.cues.profiles import Profile
from workers.core.cues.reflow.passages import Passage
from workers.core.cues.reflow.timing import LEAST_S, Wanted
from workers.core.cues.search import Cut
from workers.core.cues.surroundings import Reading
from workers.core.cues.timing import CLOSED_S, Span


class Block(Struct, frozen=True):
    """The lines of one cue, and whose they are."""

    lines: tuple[str, ...]
    speakers: tuple[str | None, ...]
    """Of each line."""
    caption_ids: tuple[str, ...]
    language: str | None
    spoken: Span | None
    read: Reading
    split: bool
    """It has a part of a token that is longer than a line."""
    single: bool
    """It is one unit, which cannot be cut."""

    def wanted(self) -> Wanted:
        """Return the time that it asks for; it has times."""
        assert self.spoken is not None
        return Wanted(self.spoken, self.read.seconds)


def block(passage: Passage, cut: Cut, profile: Profile) -> Block:
    """Take the words of one cue out of a passage."""
    first, end = cut[0][0], cut[-1][1]
    units = passage.units[first:end]
    lines = tuple(line_text(passage.units, *line) for line in cut)
    owners = dict.fromkeys(passage.owners[first:end])
    caption = passage.captions[passage.owners[first]]
    spoken = None
    if passage.spans is not None:
        ends_s = max(span.end_s for span in passage.spans[first:end])
        spoken = Span(passage.spans[first].start_s, ends_s)
    return Block(
        lines,
        (caption.speaker,) * len(lines),
        tuple(passage.captions[owner].caption_id for owner in owners),
        caption.language,
        spoken,
        reading(lines, profile),
        any(unit.part for unit in units),
        len(units) == 1,
    )


def together(blocks: Sequence[Block], profile: Profile) -> list[Block]:
    """Put short lines of two speakers into one cue, where one has too little time.

    Both are one line, with no silence between them that could be seen; both together
    are no longer than a cue may be.

    Source:
        Two speakers in one event, a line with a dash for each, as in the Netflix timed
        text style guides.
    """
    joined: list[Block] = []
    place = 0
    while place < len(blocks):
        one = blocks[place]
        following = blocks[place + 1 : place + 3]
        if following and _hurried(one, following, profile):
            other = following[0]
            if _fit(one, other, profile):
                joined.append(_pair(one, other, profile))
                place += 2
                continue
        joined.append(one)
        place += 1
    return joined


def _hurried(one: Block, following: Sequence[Block], profile: Profile) -> bool:
    """Tell whether a block, or the next one, has no time to be read alone."""
    near = [one, *following]
    return any(
        block.spoken is not None
        and after.spoken is not None
        and after.spoken.start_s - block.spoken.start_s
        < max(block.read.seconds, profile.min_duration_s or LEAST_S)
        for block, after in pairwise(near)
    )


def _fit(one: Block, other: Block, profile: Profile) -> bool:
    if one.spoken is None or other.spoken is None:
        return False
    lasts_s = other.spoken.end_s - one.spoken.start_s
    return (
        len(one.lines) == len(other.lines) == 1
        and None not in (one.speakers[0], other.speakers[0])
        and one.speakers != other.speakers
        and one.language == other.language
        and other.spoken.start_s - one.spoken.end_s < CLOSED_S
        and lasts_s <= (profile.max_duration_s or lasts_s)
    )


def _pair(one: Block, other: Block, profile: Profile) -> Block:
    assert one.spoken is not None
    assert other.spoken is not None
    lines = one.lines + other.lines
    return Block(
        lines,
        one.speakers + other.speakers,
        one.caption_ids + other.caption_ids,
        one.language,
        Span(one.spoken.start_s, max(one.spoken.end_s, other.spoken.end_s)),
        reading(lines, profile),
        one.split or other.split,
        single=False,
    )
