"""When the parts of a caption are spoken, and how long a cue stays."""

from bisect import bisect_left, bisect_right
from typing import Final, NamedTuple

from schemas.captions import Caption
from workers.core.cues.profiles import Profile

CLOSED_S: Final = 0.5
"""A pause this short inside a caption leaves the cue standing till the next one: a
blank screen between would be seen as a flash. Netflix closes 3 to 11 frames."""
_LOOK_AHEAD: Final = 64
"""Code points in which a word must be found again in the text of its caption."""


class Span(NamedTuple):
    """A stretch of media time."""

    start_s: float
    end_s: float


class Timeline:
    """When each code point of a caption is spoken.

    Words with times say it exactly. Between them, and in a caption whose words have
    none, time is spread evenly over the code points. Words are looked at only when
    a part of the caption is asked for: most captions are one cue.
    """

    def __init__(self, caption: Caption) -> None:
        """Take the caption."""
        self._caption = caption
        self._offsets: list[int] = []
        self._times_s: list[float] = []
        self._whole: Span | None = None
        if caption.start_s is not None and caption.end_s is not None:
            self._whole = Span(caption.start_s, max(caption.start_s, caption.end_s))

    def known(self) -> bool:
        """Tell whether there are times at all."""
        if self._whole is None:
            self._look()
            if len(self._offsets) > 1:
                self._whole = Span(self._times_s[0], self._times_s[-1])
        return self._whole is not None

    def end_s(self) -> float:
        """Return when the caption ends; it has times."""
        assert self._whole is not None
        return self._whole.end_s

    def span(self, start: int, end: int) -> Span:
        """Return when the code points from *start* to *end* (exclusive) are spoken."""
        if start == 0 and end == len(self._caption.text) and self._whole is not None:
            return self._whole
        self._look()
        offsets = self._offsets
        start_s = self._time(bisect_right(offsets, start) - 1, start)
        end_s = self._time(bisect_left(offsets, end) - 1, end)
        return Span(start_s, max(start_s, end_s))

    def _time(self, at: int, offset: int) -> float:
        """Return the time of a place at or after the known place number *at*."""
        offsets, times_s = self._offsets, self._times_s
        if at < 0:
            return times_s[0]
        if at + 1 == len(offsets) or offsets[at] == offset:
            return times_s[at]
        share = (offset - offsets[at]) / (offsets[at + 1] - offsets[at])
        return times_s[at] + share * (times_s[at + 1] - times_s[at])

    def _look(self) -> None:
        """Find the words in the text: places in order, and times that never fall."""
        if self._offsets:
            return
        caption = self._caption
        text = caption.text
        offsets, times_s = self._offsets, self._times_s
        place, latest_s = 0, 0.0
        limit_s = float("inf") if caption.end_s is None else caption.end_s
        if caption.start_s is not None:
            offsets.append(0)
            times_s.append(caption.start_s)
            latest_s = caption.start_s
        for word in caption.words or ():
            said = word.text.strip()
            found = text.find(said, place, place + len(said) + _LOOK_AHEAD)
            start_s, end_s = word.start_s, word.end_s
            if found < 0 or not said or start_s is None or end_s is None:
                continue
            place = found + len(said)
            # What a word says beyond the times of its caption is wrong.
            start_s = max(min(start_s, limit_s), latest_s)
            latest_s = max(min(end_s, limit_s), start_s)
            offsets += (found, place)
            times_s += (start_s, latest_s)
        if caption.end_s is not None:
            offsets.append(len(text))
            times_s.append(max(caption.end_s, latest_s))


def shown_span(
    spoken: Span,
    until_s: float,
    reading_s: float,
    profile: Profile,
    *,
    followed: bool,
) -> Span:
    """Return when a cue is shown: as spoken, and longer where silence follows.

    Args:
        spoken: When its words are spoken.
        until_s: As far as is known, nobody speaks between its end and this.
        reading_s: What the profile's reading speed asks for.
        profile: What a cue may be.
        followed: At *until_s* the next cue begins, and the gap goes before it.
    """
    start_s, end_s = spoken
    wanted_s = start_s + max(profile.min_duration_s or 0.0, reading_s)
    if followed and until_s - end_s < CLOSED_S:
        wanted_s = until_s
    if profile.max_duration_s is not None:
        wanted_s = min(wanted_s, start_s + profile.max_duration_s)
    if followed:
        until_s -= profile.min_gap_s
        end_s = min(max(end_s, wanted_s), until_s)
    else:
        end_s = max(end_s, min(wanted_s, until_s))
    return Span(round(start_s, 3), round(max(start_s, end_s), 3))
